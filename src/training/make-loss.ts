import { distanceByName } from '../distances/distance-by-name.ts';
import { batchMeanHinge } from '../losses/batch-mean-hinge.ts';
import { hinge } from '../losses/hinge.ts';
import type { RankingLoss } from '../losses/loss.ts';
import { semiHard } from '../losses/semi-hard.ts';
import { supervisedContrastive } from '../losses/supervised-contrastive.ts';
import type { BatchConfig, LossConfig } from './training-config.ts';

/**
 * The loss of a configuration.
 *
 * @throws if the loss and the batch do not go together: triplet rows are for `hinge` and `batch-mean-hinge`, classes by
 * images for `semi-hard` and `supcon`.
 */
export function makeLoss(config: LossConfig, batch: BatchConfig): RankingLoss {
  const loss = lossOf(config, batch);
  if (loss.batch !== batch.kind) {
    throw new Error(
      `loss '${config.kind}' needs batches of ${loss.batch}, the configuration has batches of ${batch.kind}: use ${
        batch.kind === 'triplets' ? "'hinge' or 'batch-mean-hinge'" : "'semi-hard' or 'supcon'"
      }, or the other kind of batch`,
    );
  }
  return loss;
}

function lossOf(config: LossConfig, batch: BatchConfig): RankingLoss {
  switch (config.kind) {
    case 'hinge':
      return hinge(config.gap, distanceByName(config.distance));
    case 'batch-mean-hinge':
      return batchMeanHinge(config.gap, distanceByName(config.distance));
    case 'semi-hard':
      return semiHard(config.gap, distanceByName(config.distance), batch.kind === 'classes' ? batch.imagesPerClass : 2);
    case 'supcon':
      return supervisedContrastive(config.temperature);
  }
}
