import type { Value } from '../../../graph/builder/graph.ts';
import { flatten, lengthOf, relu } from '../../../graph/builder/operations.ts';
import { batchNormalization, convolution, linear, maxPooling } from '../layers.ts';
import type { NetworkScope } from '../network-scope.ts';
import { tooSmall } from '../too-small.ts';
import { type BackboneSettings, defineBackbone } from './define-backbone.ts';

/** Pictures smaller than this keep their resolution in the first convolution and in the low-resolution paths. */
const smallestHalvedSide = 48;

/** Filters of each 3x3 convolution, and whether a 2x2 max-pool follows. */
const stages = [
  { filters: 24, pool: false },
  { filters: 32, pool: true },
  { filters: 64, pool: true },
  { filters: 128, pool: true },
  { filters: 192, pool: false },
] as const;

/**
 * The small ConvNet: five 3x3 convolutions (24, stride 2 from 48 pixels on; 32; 64; 128; 192 filters), each with batch
 * normalisation and ReLU, a 2x2 max-pool behind the second, third and fourth, then a dense layer of 192 with ReLU and, if the
 * configuration asks for it, dropout. Without batch normalisation the convolutions have biases.
 *
 * ReLU comes behind the pool where there is one: both orders give the same values, and this one does a quarter of the work.
 *
 * Shapes: image [N, 3, H, W] to [N, 192]. At 64 x 64 it has 0.94 million parameters and 21 million multiply-adds.
 *
 * @throws if a side is below 8, where nothing is left to pool.
 */
export function smallBackbone(scope: NetworkScope, image: Value, config: BackboneSettings): Value {
  const shortest = Math.min(lengthOf(image, 2), lengthOf(image, 3));
  if (shortest < 8)
    throw tooSmall(`the small network needs pictures of at least 8 pixels a side, got ${shortest}`, 8, shortest);
  let x = image;
  for (const [index, { filters, pool }] of stages.entries()) {
    const stride = index === 0 && shortest >= smallestHalvedSide ? 2 : 1;
    const name = `backbone.conv${index + 1}`;
    x = convolution(scope, name, x, filters, { size: 3, stride, pad: 1 }, { bias: !config.batchNormalization });
    if (config.batchNormalization) x = batchNormalization(scope, `${name}.norm`, x);
    if (pool) x = maxPooling(x, { size: 2, stride: 2, pad: 0 });
    x = relu(x);
  }
  const features = relu(linear(scope, 'backbone.dense', flatten(x), 192));
  return scope.dropout('backbone.dropout', features, config.dropout);
}

/** Its low-resolution paths are finer than the paper's, as its pictures are smaller. */
const path = { filters: 48, kernel: 8, stride: 2, relu: true, pool: { size: 3, stride: 2 }, symmetric: true } as const;

/** The network of the presets for a laptop, for the table. */
export const small = defineBackbone({
  name: 'small',
  batchNormalization: 'chosen',
  embeddingBatch: 16,
  light: true,
  weights: { none: "nobody publishes weights for choices.backbone: 'small', which is defined here" },
  words: { layers: 'five convolutions, dense 192: about 1 million parameters', smallestSide: 8, features: 192 },
  build: smallBackbone,
  subsampledPaths: (side) =>
    (side >= smallestHalvedSide ? [4, 8] : [2, 4]).map((subsample) => ({ ...path, subsample })),
});
