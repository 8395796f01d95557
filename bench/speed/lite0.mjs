import { chooseRecipe } from '../../dist/training/planning/recipe.js';

/** What EfficientNet-Lite0 is fine-tuned with: rows of a step, and how many pictures of a class they have. */
export const lite0Batch = { rows: 60, imagesPerClass: 4 };

/**
 * The configuration of a run that trains EfficientNet-Lite0 under a head of 128 dimensions, for pictures that do not matter.
 *
 * @param {number} size pixels a side
 * @param {number} threads
 * @param {import('../../dist/ranking/backbones/trunk.js').Trunk} [trunk] the network, where it is an ONNX file's. Default: as
 *   it is defined here.
 * @returns {import('../../dist/training/configuration/training-config.js').TrainingConfig}
 */
export function lite0Config(size, threads, trunk) {
  const own = trunk === undefined ? { backbone: 'efficientnet-lite0' } : {};
  const choices = { preset: 'small', size, paths: 'none', embeddingDimension: 128, ...lite0Batch, ...own };
  const { network, pixels: _, heldOutShare: __, epochs: ___, ...recipe } = chooseRecipe(choices, 'classes', trunk);
  return {
    ...recipe,
    network: { ...network, pixelMean: 0.5, pixelDeviation: 0.5, grey: false },
    steps: 1000,
    stepsPerEpoch: 100,
    heldOut: { share: 0, by: 'class' },
    evaluateEvery: 1000,
    engine: { threads, rowsAtOnce: lite0Batch.rows, provider: 'cpu', convolutionBlock: 0 },
  };
}
