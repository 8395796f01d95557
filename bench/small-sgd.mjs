import { augmentationPresets } from '../dist/pictures/augmentation/augmentation.js';

/** Preset small as the triplet recipes of the reference train it: SGD with Nesterov momentum, no augmentation. */
export const smallSgd = /** @type {const} */ ({
  preset: 'small',
  optimizer: 'sgd',
  momentum: 0.9,
  nesterov: true,
  weightDecay: 1e-4,
  schedule: 'cosine',
  warmup: 0.05,
  augmentation: augmentationPresets.none,
});
