import type { Engine } from '../../../engines/engine.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import { PixelCache } from '../../../pictures/preparation/pixel-cache.ts';
import { type Fit, preprocessingRule } from '../../../pictures/preparation/preprocessing-rule.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import { untouchedFeatures } from './untouched-features.ts';
import type { UntrainedOptions } from './untrained-tables.ts';

/** What computes a backbone's features of images of a dataset, in its size, by this fit; undefined without a backbone. */
export function untouchedOf(
  trunk: Trunk | undefined,
  engine: Engine,
  dataset: ImageDataset,
  places: readonly ImagePlace[],
  fit: Fit,
): UntrainedOptions['backbone'] {
  if (trunk === undefined) return undefined;
  const { width, height } = trunk.network;
  // Each picture goes through once: nothing is worth remembering.
  const pixels = new PixelCache(dataset, preprocessingRule(width, height, fit), { budgetBytes: 0 });
  return (watched) => untouchedFeatures(engine, trunk, pixels, places, watched);
}
