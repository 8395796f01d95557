import type { Value } from '../../../graph/builder/graph.ts';
import { add, clip, flatten, globalAveragePool, lengthOf } from '../../../graph/builder/operations.ts';
import { normalizedConvolution } from '../layers.ts';
import type { NetworkScope } from '../network-scope.ts';
import { tooSmall } from '../too-small.ts';
import { type BackboneSettings, defineBackbone } from './define-backbone.ts';
import { torchTensorNames } from './torch-tensor-names.ts';

/** Blocks of a stage, side of their filters, stride of the first one, times that channels are expanded, filters that come out. */
interface Stage {
  readonly blocks: number;
  readonly size: number;
  readonly stride: number;
  readonly expansion: number;
  readonly filters: number;
}

const stages: readonly Stage[] = [
  { blocks: 1, size: 3, stride: 1, expansion: 1, filters: 16 },
  { blocks: 2, size: 3, stride: 2, expansion: 6, filters: 24 },
  { blocks: 2, size: 5, stride: 2, expansion: 6, filters: 40 },
  { blocks: 3, size: 3, stride: 2, expansion: 6, filters: 80 },
  { blocks: 3, size: 5, stride: 1, expansion: 6, filters: 112 },
  { blocks: 4, size: 5, stride: 2, expansion: 6, filters: 192 },
  { blocks: 1, size: 3, stride: 1, expansion: 6, filters: 320 },
];

/**
 * EfficientNet-Lite0: a 3x3 convolution of stride 2, seven stages of inverted residual blocks (1x1 to more channels, depthwise, 1x1
 * to few, past it where the shape stays), a 1x1 convolution, global average pool, dropout. Batch normalisation behind every
 * convolution, ReLU6 but behind the last of a block; no squeeze-and-excitation. Padded alike on both sides, as timm's
 * `efficientnet_lite0` (TensorFlow's weights, `tf_efficientnet_lite0`, are padded behind).
 *
 * Shapes: image [N, 3, H, W], both sides at least 32, to [N, 1280 / thinness]. 3.37 million parameters.
 * Source: Tan and Le 2019, "EfficientNet", table 1; Sandler et al. 2018, "MobileNetV2", for the blocks.
 *
 * @param thinness divides the number of every layer's filters: 1 for the published network.
 */
export function efficientnetLite0Backbone(
  scope: NetworkScope,
  image: Value,
  { dropout }: BackboneSettings,
  thinness = 1,
): Value {
  const shortest = Math.min(lengthOf(image, 2), lengthOf(image, 3));
  if (shortest < 32) {
    throw tooSmall(
      `efficientnet-lite0 halves a picture five times: both sides need at least 32 pixels, got ${shortest}`,
      32,
      shortest,
    );
  }
  let x = activated(normalizedConvolution(scope, 'backbone.stem', image, 32 / thinness, { size: 3, stride: 2 }));
  for (const [place, stage] of stages.entries()) {
    for (let block = 1; block <= stage.blocks; block++) {
      const stride = block === 1 ? stage.stride : 1;
      const form = { ...stage, stride, filters: stage.filters / thinness };
      x = invertedResidual(scope, `backbone.stage${place + 1}.block${block}`, x, form);
    }
  }
  const head = activated(normalizedConvolution(scope, 'backbone.head', x, 1280 / thinness, { size: 1, stride: 1 }));
  return scope.dropout('backbone.dropout', flatten(globalAveragePool(head)), dropout);
}

function invertedResidual(
  scope: NetworkScope,
  name: string,
  x: Value,
  { size, stride, expansion, filters }: Stage,
): Value {
  const channels = lengthOf(x, 1);
  const inner = expansion * channels;
  const plain = { size: 1, stride: 1 };
  const expanded = expansion === 1 ? x : activated(normalizedConvolution(scope, `${name}.expand`, x, inner, plain));
  const deep = activated(
    normalizedConvolution(scope, `${name}.depthwise`, expanded, inner, { size, stride, groups: inner }),
  );
  const projected = normalizedConvolution(scope, `${name}.project`, deep, filters, plain);
  return stride === 1 && channels === filters ? add(projected, x) : projected;
}

/** ReLU6. */
const activated = (x: Value): Value => clip(x, 0, 6);

/** timm's names of a block's layers, in their order; the first stage's blocks have no expansion. */
const blockLayers = { expand: 'conv_pw', depthwise: 'conv_dw', project: 'conv_pwl' } as const;

/** timm's names: `blocks.1.0.conv_pwl.weight` for our `backbone.stage2.block1.project.weight`. */
const torchNames = torchTensorNames(([layer, block, part], isNorm) => {
  if (layer === 'stem') return [isNorm ? 'bn1' : 'conv_stem'];
  if (layer === 'head') return [isNorm ? 'bn2' : 'conv_head'];
  const at = `blocks.${Number(layer.slice('stage'.length)) - 1}.${Number(block.slice('block'.length)) - 1}`;
  const first = layer === 'stage1';
  const parts = first ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project'];
  if (isNorm) return [`${at}.bn${parts.indexOf(part) + 1}`];
  return [`${at}.${first && part === 'project' ? 'conv_pw' : blockLayers[part as keyof typeof blockLayers]}`];
});

/** EfficientNet-Lite0, for the table. */
export const efficientnetLite0 = defineBackbone({
  name: 'efficientnet-lite0',
  batchNormalization: 'always',
  embeddingBatch: 16,
  weights: { torchNames },
  words: {
    layers: 'seven stages of inverted residual blocks with ReLU6, global average pool',
    smallestSide: 32,
    features: 1280,
  },
  build: efficientnetLite0Backbone,
});
