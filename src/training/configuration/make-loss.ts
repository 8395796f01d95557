import { distanceByName } from '../../ranking/distances/distance-by-name.ts';
import { batchMeanHinge } from '../../ranking/losses/batch-mean-hinge.ts';
import { contrastive } from '../../ranking/losses/contrastive.ts';
import { hinge } from '../../ranking/losses/hinge.ts';
import type { RankingLoss } from '../../ranking/losses/loss.ts';
import { minerByName } from '../../ranking/losses/miners/miner-by-name.ts';
import { multiSimilarity } from '../../ranking/losses/multi-similarity.ts';
import { proxyAnchor } from '../../ranking/losses/proxy-anchor.ts';
import { rankParts } from '../../ranking/losses/rank-parts.ts';
import { checkGap } from '../../ranking/losses/rows/gap.ts';
import { minedTriplets } from '../../ranking/losses/rows/mined-triplets.ts';
import { hingeTerm, softMarginTerm } from '../../ranking/losses/rows/triplet-term.ts';
import { semiHard } from '../../ranking/losses/semi-hard.ts';
import { softMargin } from '../../ranking/losses/soft-margin.ts';
import { softmaxClassification } from '../../ranking/losses/softmax-classification.ts';
import { supervisedContrastive } from '../../ranking/losses/supervised-contrastive.ts';
import { embeddingParts } from '../../ranking/networks/network-config.ts';
import { lossBatchKind } from './loss-batch-kind.ts';
import { type BatchConfig, type LossConfig, rowsOf, type TrainingConfig } from './training-config.ts';

/** The loss of a run: the configuration's, for each part of its network's embeddings. @throws as `makeLoss` and `rankParts` do. */
export function rankingLoss({
  loss,
  batch,
  network,
}: Pick<TrainingConfig, 'loss' | 'batch'> & LossNetwork): RankingLoss {
  return rankParts(makeLoss(loss, batch), embeddingParts(network));
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
export function makeLoss(config: LossConfig, batch: BatchConfig): RankingLoss {
  const kind = lossBatchKind(config);
  if (kind !== batch.kind) {
    throw new Error(
      `loss '${config.kind}' needs batches of ${kind}, the configuration has batches of ${batch.kind}: use ${
        batch.kind === 'triplets'
          ? "'hinge', 'soft-margin' or 'batch-mean-hinge', and no miner"
          : "'supcon', another loss over classes, or a miner"
      }, or the other kind of batch`,
    );
  }
  const memoryRows = 'memory' in config ? (config.memory?.rows ?? 0) : 0;
  if (memoryRows > 0 && kind === 'triplets') {
    throw new Error(
      `a cross-batch memory was asked for, but loss '${config.kind}' without a miner has its negatives listed: choose a miner, or leave the memory out`,
    );
  }
  if (memoryRows > 0 && memoryRows < rowsOf(batch)) {
    throw new Error(
      `a cross-batch memory of ${memoryRows} embeddings has no room for a batch of ${rowsOf(batch)}: use a larger one (ten batches, say), or none`,
    );
  }
  return lossOf(config, batch.kind === 'classes' ? batch.imagesPerClass : 0, memoryRows);
}

function lossOf(config: LossConfig, imagesPerClass: number, memoryRows: number): RankingLoss {
  switch (config.kind) {
    case 'hinge': {
      const { gap, miner } = config;
      const distance = distanceByName(config.distance);
      if (miner === undefined) return hinge(gap, distance);
      checkGap(gap, distance);
      const named = `hinge, ${miner}`;
      return minedTriplets(named, hingeTerm(gap), distance, minerByName(miner, imagesPerClass), memoryRows);
    }
    case 'soft-margin': {
      const { miner } = config;
      const distance = distanceByName(config.distance);
      if (miner === undefined) return softMargin(distance);
      const named = `soft-margin, ${miner}`;
      return minedTriplets(named, softMarginTerm, distance, minerByName(miner, imagesPerClass), memoryRows);
    }
    case 'batch-mean-hinge':
      return batchMeanHinge(config.gap, distanceByName(config.distance));
    case 'semi-hard':
      return semiHard(config.gap, distanceByName(config.distance), imagesPerClass, memoryRows);
    case 'supcon':
      return supervisedContrastive(config.temperature, memoryRows);
    case 'contrastive':
      return contrastive(config.gap, memoryRows);
    case 'multi-similarity':
      return multiSimilarity(config, memoryRows);
    case 'proxy-anchor':
      if (config.classes === undefined) {
        throw new Error("loss 'proxy-anchor' needs the number of classes that are trained on: give 'classes'");
      }
      return proxyAnchor({ ...config, classes: config.classes });
    case 'softmax':
      return softmaxClassification(config.classes);
  }
}
