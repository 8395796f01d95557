import type { Value } from '../../../graph/builder/graph.ts';
import { flatten, globalAveragePool, lengthOf, relu } from '../../../graph/builder/operations.ts';
import { batchNormalization, convolution, linear, maxPooling } from '../layers.ts';
import type { NetworkScope } from '../network-scope.ts';
import { tooSmall } from '../too-small.ts';
import { type BackboneSettings, defineBackbone } from './define-backbone.ts';
import { densePlace, torchTensorNames } from './torch-tensor-names.ts';

/** Filters of the 3x3 convolutions of each of the five blocks; a 2x2 max-pool ends a block. */
const blocks = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/**
 * VGG16 as the article uses it: the thirteen convolutions with ReLU, global average pool, then twice a dense layer of 4096
 * with ReLU and dropout.
 *
 * In the last convolution of a block ReLU comes behind the pool: the same values for a quarter of the work.
 *
 * Shapes: image [N, 3, H, W], both sides at least 32, to [N, 4096 / thinness].
 * Source: Simonyan and Zisserman 2014, configuration D; the head is Zingade's Keras code.
 *
 * @param thinness divides the number of every layer's filters and features: 1 for the published network.
 */
export function vgg16Backbone(scope: NetworkScope, image: Value, config: BackboneSettings, thinness = 1): Value {
  return vgg(scope, image, config, { name: 'vgg16', normalized: false, thinness });
}

/**
 * VGG16 with batch normalisation behind each convolution, which keeps its bias, as torchvision's `vgg16_bn` does; the head is
 * that of `vgg16`.
 *
 * Shapes: image [N, 3, H, W], both sides at least 32, to [N, 4096 / thinness].
 */
export function vgg16BnBackbone(scope: NetworkScope, image: Value, config: BackboneSettings, thinness = 1): Value {
  return vgg(scope, image, config, { name: 'vgg16-bn', normalized: true, thinness });
}

interface VggForm {
  readonly name: string;
  readonly normalized: boolean;
  readonly thinness: number;
}

function vgg(
  scope: NetworkScope,
  image: Value,
  config: BackboneSettings,
  { name, normalized, thinness }: VggForm,
): Value {
  const shortest = Math.min(lengthOf(image, 2), lengthOf(image, 3));
  if (shortest < 32)
    throw tooSmall(
      `${name} halves a picture five times: both sides need at least 32 pixels, got ${shortest}`,
      32,
      shortest,
    );
  let x = image;
  for (const [block, convolutions] of blocks.entries()) {
    for (const [index, filters] of convolutions.entries()) {
      const layer = `backbone.conv${block + 1}_${index + 1}`;
      x = convolution(scope, layer, x, filters / thinness, { size: 3, stride: 1, pad: 1 }, { bias: true });
      if (normalized) x = batchNormalization(scope, `${layer}.norm`, x);
      if (index < convolutions.length - 1) x = relu(x);
    }
    x = relu(maxPooling(x, { size: 2, stride: 2, pad: 0 }));
  }
  x = flatten(globalAveragePool(x));
  for (const layer of [1, 2]) {
    x = relu(linear(scope, `backbone.dense${layer}`, x, 4096 / thinness));
    x = scope.dropout(`backbone.dropout${layer}`, x, config.dropout);
  }
  return x;
}

/** Numbers of the convolutions in torchvision's `features`, block by block. */
const torchvisionConvolutions = [
  [0, 2],
  [5, 7],
  [10, 12, 14],
  [17, 19, 21],
  [24, 26, 28],
] as const;
const torchvisionBnConvolutions = [
  [0, 3],
  [7, 10],
  [14, 17, 20],
  [24, 27, 30],
  [34, 37, 40],
] as const;

/** Convolutions and normalisations have the same names; dense layers are torchvision's `classifier` and timm's `pre_logits`. */
const torchNames = (convolutions: typeof torchvisionConvolutions | typeof torchvisionBnConvolutions) =>
  torchTensorNames(([layer], normalized) => {
    const dense = densePlace(layer);
    if (dense !== undefined) return [`classifier.${dense === 1 ? 0 : 3}`, `pre_logits.fc${dense}`];
    const [block, place] = layer.slice('conv'.length).split('_').map(Number);
    return [`features.${convolutions[block - 1][place - 1] + (normalized ? 1 : 0)}`];
  });

/** The article's ConvNet, for the table. */
export const vgg16 = defineBackbone({
  name: 'vgg16',
  batchNormalization: 'never',
  embeddingBatch: 4,
  weights: { torchNames: torchNames(torchvisionConvolutions), keras: true },
  words: {
    layers: "VGG16's convolutions, global average pool, dense 4096 twice (the article's head)",
    smallestSide: 32,
    features: 4096,
  },
  build: vgg16Backbone,
});

/** The same with batch normalisation, for the table. */
export const vgg16Bn = defineBackbone({
  name: 'vgg16-bn',
  batchNormalization: 'always',
  embeddingBatch: 4,
  weights: { torchNames: torchNames(torchvisionBnConvolutions) },
  words: { layers: 'the same with batch normalisation', smallestSide: 32, features: 4096 },
  build: vgg16BnBackbone,
});
