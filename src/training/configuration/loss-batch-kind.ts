import type { BatchKind } from '../../ranking/losses/loss.ts';
import { type LossConfig, lossTable } from '../../ranking/losses/loss-table.ts';

/** The kind of batch that a loss is computed over: losses over triplets take rows in threes unless a miner finds them. */
export function lossBatchKind(loss: LossConfig): BatchKind {
  return lossTable.of(loss).batchKind(loss);
}
