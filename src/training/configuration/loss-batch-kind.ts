import type { BatchKind } from '../../ranking/losses/loss.ts';
import type { LossConfig } from './training-config.ts';

/** The kind of batch that a loss is computed over: losses over triplets take rows in threes unless a miner finds them. */
export function lossBatchKind(loss: LossConfig): BatchKind {
  switch (loss.kind) {
    case 'hinge':
    case 'soft-margin':
      return loss.miner === undefined ? 'triplets' : 'classes';
    case 'batch-mean-hinge':
      return 'triplets';
    case 'semi-hard':
    case 'supcon':
    case 'contrastive':
    case 'multi-similarity':
    case 'proxy-anchor':
    case 'softmax':
      return 'classes';
  }
}
