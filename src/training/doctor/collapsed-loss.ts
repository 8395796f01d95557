import type { CollapsedLoss } from '../../ranking/losses/define-loss.ts';
import { lossTable } from '../../ranking/losses/loss-table.ts';
import { rowsOf } from '../configuration/step/batch-config.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';

/**
 * The loss of a network that gives every picture the same embedding: g for a hinge, log 2 for a soft margin, log(B - 1) for
 * supervised contrastive loss over B rows. Undefined for losses without one value, and with a cross-batch memory, whose rows
 * are of other steps.
 */
export function collapsedLoss({ loss, batch }: Pick<TrainingConfig, 'loss' | 'batch'>): CollapsedLoss | undefined {
  if ('memory' in loss && loss.memory !== undefined) return undefined;
  return lossTable.of(loss).collapsed(loss, rowsOf(batch));
}
