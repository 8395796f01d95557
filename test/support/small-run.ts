import { augmentationPresets } from '../../src/pictures/augmentation/augmentation.ts';
import type { LossConfig } from '../../src/ranking/losses/loss-table.ts';
import type { NetworkConfig } from '../../src/ranking/networks/network-config.ts';
import { lossBatchKind } from '../../src/training/configuration/loss-batch-kind.ts';
import type { TrainingConfig } from '../../src/training/configuration/training-config.ts';
import { sampleConfig } from '../fixtures/training-run.ts';

/** A network of the preset `small`, with whatever is said otherwise. */
export function smallNetwork(side: number, changes: Partial<NetworkConfig> = {}): NetworkConfig {
  return {
    ...sampleConfig.network,
    width: side,
    height: side,
    pixelMean: 0.4,
    pixelDeviation: 0.25,
    grey: false,
    ...changes,
  };
}

/** A run of `rows` rows a step without augmentation; losses over classes get two classes of equal size. */
export function smallRun(network: NetworkConfig, loss: LossConfig, rows: number): TrainingConfig {
  const triplets = lossBatchKind(loss) === 'triplets';
  return {
    ...sampleConfig,
    network,
    loss,
    batch: triplets ? { kind: 'triplets', triplets: rows / 3 } : { kind: 'classes', rows, imagesPerClass: rows / 2 },
    augmentation: augmentationPresets.none,
    engine: { threads: 1, rowsAtOnce: rows, provider: 'cpu', convolutionBlock: 0 },
  };
}
