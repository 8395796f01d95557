import type { Value } from '../../../graph/builder/graph.ts';
import { flatten, lengthOf, relu } from '../../../graph/builder/operations.ts';
import { convolution, linear, localResponseNormalization, maxPooling } from '../layers.ts';
import type { NetworkScope } from '../network-scope.ts';
import { tooSmall } from '../too-small.ts';
import { type BackboneSettings, defineBackbone } from './define-backbone.ts';
import { densePlace, torchTensorNames } from './torch-tensor-names.ts';

/** Pools overlap: three places wide, two apart. */
const pool = { size: 3, stride: 2, pad: 0 } as const;

/**
 * Krizhevsky's AlexNet, the ConvNet of the paper: convolutions of 96, 256, 384, 384 and 256 filters, the second, fourth and
 * fifth in two groups (halves that lay on two GPUs), local response normalisation and an overlapping max-pool behind the first
 * two, a pool behind the fifth, then twice a dense layer of 4096 with ReLU and dropout.
 *
 * At 225 x 225, the paper's size, the first convolution is padded by one pixel: it then has the 55 x 55 places that Krizhevsky
 * counts, and maps of 27, 13 and 6 follow. His first values (normal, deviation 0.01, biases of 1) are not used: weights start
 * He-normal without biases, as everywhere here.
 *
 * Shapes: image [N, 3, H, W], both sides at least 65, to [N, 4096 / thinness]. 56.9 million parameters at 225 x 225, 54.5 of them
 * in the dense layers.
 * Source: Krizhevsky, Sutskever and Hinton 2012, section 3.5 and figure 2; Wang et al. 2014, section 4.
 *
 * @param thinness divides the number of every layer's filters and features: 1 for the published network.
 */
export function alexnetBackbone(scope: NetworkScope, image: Value, config: BackboneSettings, thinness = 1): Value {
  requireSide('alexnet', image, 65);
  const layer = (place: number, x: Value, filters: number, size: number, groups: number) => {
    const window = place === 1 ? { size, stride: 4, pad: 1 } : { size, stride: 1, pad: (size - 1) / 2 };
    return relu(convolution(scope, `backbone.conv${place}`, x, filters / thinness, window, { bias: true, groups }));
  };
  let x = maxPooling(localResponseNormalization(layer(1, image, 96, 11, 1)), pool);
  x = maxPooling(localResponseNormalization(layer(2, x, 256, 5, 2)), pool);
  x = layer(3, x, 384, 3, 1);
  x = layer(4, x, 384, 3, 2);
  x = flatten(maxPooling(layer(5, x, 256, 3, 2), pool));
  for (const place of [1, 2]) {
    x = relu(linear(scope, `backbone.dense${place}`, x, 4096 / thinness));
    x = scope.dropout(`backbone.dropout${place}`, x, config.dropout);
  }
  return x;
}

/** Filters and kernel of torchvision's convolutions, and whether an overlapping pool follows. */
const torchvisionLayers = [
  { filters: 64, size: 11, stride: 4, pad: 2, pooled: true },
  { filters: 192, size: 5, stride: 1, pad: 2, pooled: true },
  { filters: 384, size: 3, stride: 1, pad: 1, pooled: false },
  { filters: 256, size: 3, stride: 1, pad: 1, pooled: false },
  { filters: 256, size: 3, stride: 1, pad: 1, pooled: true },
] as const;

/**
 * torchvision's AlexNet: one column instead of two, fewer filters, no local response normalisation; dropout in front of each of
 * the two dense layers of 4096. It is the one whose trained weights can be had.
 *
 * Other sizes than 224 x 224 are not pooled to 6 x 6 places: the first dense layer then has another shape, and its trained
 * weights are of no use.
 *
 * Shapes: image [N, 3, H, W], both sides at least 63, to [N, 4096 / thinness].
 * Source: Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks", as torchvision has it.
 */
export function alexnetTvBackbone(scope: NetworkScope, image: Value, config: BackboneSettings, thinness = 1): Value {
  requireSide('alexnet-tv', image, 63);
  let x = image;
  for (const [index, { filters, pooled, ...window }] of torchvisionLayers.entries()) {
    x = convolution(scope, `backbone.conv${index + 1}`, x, filters / thinness, window, { bias: true });
    x = relu(pooled ? maxPooling(x, pool) : x);
  }
  x = flatten(x);
  for (const place of [1, 2]) {
    x = scope.dropout(`backbone.dropout${place}`, x, config.dropout);
    x = relu(linear(scope, `backbone.dense${place}`, x, 4096 / thinness));
  }
  return x;
}

function requireSide(name: string, image: Value, least: number): void {
  const shortest = Math.min(lengthOf(image, 2), lengthOf(image, 3));
  if (shortest >= least) return;
  throw tooSmall(
    `${name} needs pictures of at least ${least} pixels a side, got ${shortest}: use a larger choices.size, or choices.backbone: 'small'`,
    least,
    shortest,
  );
}

/** The paper's ConvNet, for the table. */
export const alexnet = defineBackbone({
  name: 'alexnet',
  batchNormalization: 'never',
  embeddingBatch: 16,
  weights: {
    none: "Krizhevsky's AlexNet (choices.backbone: 'alexnet') has no importable weights: those of 2012 were never published for a network in this form, and torchvision's are of another network, choices.backbone: 'alexnet-tv'",
  },
  words: {
    layers:
      "Krizhevsky's of 2012, the paper's: local response normalisation, overlapping pools, two groups; 55, 27, 13, 6 places at 225",
    smallestSide: 65,
    features: 4096,
  },
  build: alexnetBackbone,
});

/** Numbers of the convolutions in torchvision's `features`. */
const torchvisionConvolutions = [0, 3, 6, 8, 10] as const;

/** torchvision's AlexNet, for the table. */
export const alexnetTv = defineBackbone({
  name: 'alexnet-tv',
  batchNormalization: 'never',
  embeddingBatch: 16,
  weights: {
    torchNames: torchTensorNames(([layer]) => {
      const dense = densePlace(layer);
      if (dense !== undefined) return [`classifier.${dense === 1 ? 1 : 4}`];
      return [`features.${torchvisionConvolutions[Number(layer.slice('conv'.length)) - 1]}`];
    }),
  },
  words: { layers: "torchvision's AlexNet, one column without normalisation", smallestSide: 63, features: 4096 },
  build: alexnetTvBackbone,
});
