import { TrainingError } from '../../foundation/errors/training-error.ts';
import { alternatives } from '../../foundation/text/alternatives.ts';
import type { RankingLoss } from '../../ranking/losses/loss.ts';
import { type LossConfig, type LossTable, lossesOverTriplets, lossTable } from '../../ranking/losses/loss-table.ts';
import { rankParts } from '../../ranking/losses/rank-parts.ts';
import { embeddingParts } from '../../ranking/networks/network-config.ts';
import { type BatchConfig, rowsOf } from './step/batch-config.ts';
import type { TrainingConfig } from './training-config.ts';

/** The loss of a run: the configuration's, for each part of its network's embeddings. @throws as `makeLoss` and `rankParts` do. */
export function rankingLoss(
  { loss, batch, network }: Pick<TrainingConfig, 'loss' | 'batch'> & LossNetwork,
  losses: LossTable = lossTable,
): RankingLoss {
  return rankParts(makeLoss(loss, batch, losses), embeddingParts(network));
}

/** What a loss has to know of the network. */
interface LossNetwork {
  readonly network: Parameters<typeof embeddingParts>[0];
}

/**
 * The loss of a configuration, for an embedding of one part.
 *
 * @throws if the loss and the batch do not go together: losses over triplets want rows in threes, or classes by images and a
 * miner; the others want classes by images. Or if the memory has no room for a batch, or stands beside listed triplets.
 */
export function makeLoss(config: LossConfig, batch: BatchConfig, losses: LossTable = lossTable): RankingLoss {
  const kind = losses.of(config).batchKind(config);
  if (kind !== batch.kind) {
    throw new TrainingError(
      `loss '${config.kind}' needs batches of ${kind}, the configuration has batches of ${batch.kind}: use ${
        batch.kind === 'triplets'
          ? `${alternatives(lossesOverTriplets(losses).map((name) => `'${name}'`))}, and no miner`
          : "'supcon', another loss over classes, or a miner"
      }, or the other kind of batch`,
    );
  }
  const memoryRows = 'memory' in config ? (config.memory?.rows ?? 0) : 0;
  if (memoryRows > 0 && kind === 'triplets') {
    throw new TrainingError(
      `a cross-batch memory was asked for, but loss '${config.kind}' without a miner has its negatives listed: choose a miner, or leave the memory out`,
    );
  }
  if (memoryRows > 0 && memoryRows < rowsOf(batch)) {
    throw new TrainingError(
      `a cross-batch memory of ${memoryRows} embeddings has no room for a batch of ${rowsOf(batch)}: use a larger one (ten batches, say), or none`,
    );
  }
  return losses
    .of(config)
    .build(config, { imagesPerClass: batch.kind === 'classes' ? batch.imagesPerClass : 0, memoryRows });
}
