import type { Value } from '../../../graph/builder/graph.ts';
import { add, flatten, globalAveragePool, lengthOf, relu } from '../../../graph/builder/operations.ts';
import { batchNormalization, convolution, maxPooling } from '../layers.ts';
import type { NetworkScope } from '../network-scope.ts';
import { tooSmall } from '../too-small.ts';
import { type BackboneSettings, defineBackbone } from './define-backbone.ts';
import { torchTensorNames } from './torch-tensor-names.ts';

/** Filters of the 3x3 convolutions of each of the four stages. */
const stageFilters = [64, 128, 256, 512] as const;

/**
 * ResNet-18: a 7x7 convolution of stride 2, a 3x3 max-pool of stride 2, four stages of two basic blocks (two 3x3 convolutions
 * and a shortcut), global average pool, dropout. Batch normalisation behind every convolution; no dense layer of its own.
 *
 * Shapes: image [N, 3, H, W], both sides at least 32, to [N, 512 / thinness]. 11.2 million parameters.
 * Source: He et al. 2016, "Deep Residual Learning", table 1.
 *
 * @param thinness divides the number of every layer's filters: 1 for the published network.
 */
export function resnet18Backbone(scope: NetworkScope, image: Value, config: BackboneSettings, thinness = 1): Value {
  return resnet(scope, image, config, { name: 'resnet18', blocks: [2, 2, 2, 2], bottleneck: false, thinness });
}

/**
 * ResNet-50: as `resnet18Backbone` with 3, 4, 6 and 3 bottleneck blocks (1x1, 3x3, 1x1 with four times the filters). The stride
 * of a stage is in its 3x3 convolution, as torchvision and timm have it (ResNet "v1.5"); the paper has it in the 1x1 before.
 *
 * Shapes: image [N, 3, H, W], both sides at least 32, to [N, 2048 / thinness]. 23.5 million parameters.
 * Source: He et al. 2016, table 1 and figure 5.
 */
export function resnet50Backbone(scope: NetworkScope, image: Value, config: BackboneSettings, thinness = 1): Value {
  return resnet(scope, image, config, { name: 'resnet50', blocks: [3, 4, 6, 3], bottleneck: true, thinness });
}

interface ResnetForm {
  readonly name: string;
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  readonly bottleneck: boolean;
  readonly thinness: number;
}

function resnet(scope: NetworkScope, image: Value, { dropout }: BackboneSettings, form: ResnetForm): Value {
  const shortest = Math.min(lengthOf(image, 2), lengthOf(image, 3));
  if (shortest < 32)
    throw tooSmall(
      `${form.name} halves a picture five times: both sides need at least 32 pixels, got ${shortest}`,
      32,
      shortest,
    );
  // ReLU behind the pool: the same values for a quarter of the work.
  const first = convolutionWithNorm(scope, 'backbone.conv1', image, 64 / form.thinness, 7, 2);
  let x = relu(maxPooling(first, { size: 3, stride: 2, pad: 1 }));
  for (const [stage, count] of form.blocks.entries()) {
    for (let block = 1; block <= count; block++) {
      const stride = stage > 0 && block === 1 ? 2 : 1;
      x = residualBlock(scope, `backbone.stage${stage + 1}.block${block}`, x, stageFilters[stage], stride, form);
    }
  }
  return scope.dropout('backbone.dropout', flatten(globalAveragePool(x)), dropout);
}

/** A block and its shortcut, which is a 1x1 convolution where lengths or channels change, added before the last ReLU. */
function residualBlock(
  scope: NetworkScope,
  name: string,
  x: Value,
  stage: number,
  stride: number,
  { bottleneck, thinness }: ResnetForm,
): Value {
  const filters = stage / thinness;
  const last = bottleneck ? 4 * filters : filters;
  const sizes = bottleneck ? ([1, 3, 1] as const) : ([3, 3] as const);
  let y = x;
  for (const [index, size] of sizes.entries()) {
    const end = index === sizes.length - 1;
    const strided = index === (bottleneck ? 1 : 0) ? stride : 1;
    y = convolutionWithNorm(scope, `${name}.conv${index + 1}`, y, end ? last : filters, size, strided);
    if (!end) y = relu(y);
  }
  const same = stride === 1 && lengthOf(x, 1) === last;
  return relu(add(y, same ? x : convolutionWithNorm(scope, `${name}.shortcut`, x, last, 1, stride)));
}

/** A convolution without bias, padded so that stride 1 keeps the size, and batch normalisation. */
function convolutionWithNorm(
  scope: NetworkScope,
  name: string,
  x: Value,
  filters: number,
  size: number,
  stride: number,
): Value {
  const window = { size, stride, pad: (size - 1) / 2 };
  return batchNormalization(scope, `${name}.norm`, convolution(scope, name, x, filters, window, { bias: false }));
}

/** Both have the same names: `layer1.0.conv1.weight` for our `backbone.stage1.block1.conv1.weight`. */
const torchNames = torchTensorNames(([stage, block, layer], normalized) => {
  if (stage === 'conv1') return [normalized ? 'bn1' : 'conv1'];
  const at = `layer${stage.slice('stage'.length)}.${Number(block.slice('block'.length)) - 1}`;
  if (layer === 'shortcut') return [`${at}.downsample.${normalized ? 1 : 0}`];
  return [`${at}.${normalized ? layer.replace('conv', 'bn') : layer}`];
});

/** ResNet-18, for the table. */
export const resnet18 = defineBackbone({
  name: 'resnet18',
  batchNormalization: 'always',
  embeddingBatch: 16,
  weights: { torchNames },
  words: { layers: 'four stages of two basic blocks, global average pool', smallestSide: 32, features: 512 },
  build: resnet18Backbone,
});

/** ResNet-50, for the table. */
export const resnet50 = defineBackbone({
  name: 'resnet50',
  batchNormalization: 'always',
  embeddingBatch: 16,
  weights: { torchNames },
  words: { layers: 'bottleneck blocks, stride in the 3x3 convolution (v1.5)', smallestSide: 32, features: 2048 },
  build: resnet50Backbone,
});
