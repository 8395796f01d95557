import type { Value } from '../../../graph/builder/graph.ts';
import {
  add,
  flatten,
  globalAveragePool,
  hardSigmoid,
  hardSwish,
  lengthOf,
  mul,
  relu,
} from '../../../graph/builder/operations.ts';
import { convolution, normalizedConvolution } from '../layers.ts';
import type { NetworkScope } from '../network-scope.ts';
import { tooSmall } from '../too-small.ts';
import { type BackboneSettings, defineBackbone } from './define-backbone.ts';
import { torchTensorNames } from './torch-tensor-names.ts';

/** One block: side of its filters, stride, channels between, filters that come out, what it has besides. */
interface Block {
  readonly size: number;
  readonly stride: number;
  readonly inner: number;
  readonly filters: number;
  /** Squeeze-and-excitation. */
  readonly excited: boolean;
  readonly activation: 'ReLU' | 'hard-swish';
}

/** The stages of a network, in whose blocks the first may halve, and the features behind them. */
interface Form {
  readonly stages: readonly (readonly Block[])[];
  /** Filters of the last convolution before the pool, and of the one behind it. */
  readonly last: number;
  readonly features: number;
}

const block = (
  size: number,
  stride: number,
  inner: number,
  filters: number,
  excited: boolean,
  activation: Block['activation'],
): Block => ({ size, stride, inner, filters, excited, activation });

/** Blocks of a stage that are alike but for the first one's stride and channels. */
const repeated = (count: number, first: Block, inner: number): readonly Block[] =>
  Array.from({ length: count }, (_, place) => (place === 0 ? first : { ...first, stride: 1, inner }));

const large: Form = {
  stages: [
    [block(3, 1, 16, 16, false, 'ReLU')],
    repeated(2, block(3, 2, 64, 24, false, 'ReLU'), 72),
    repeated(3, block(5, 2, 72, 40, true, 'ReLU'), 120),
    [
      block(3, 2, 240, 80, false, 'hard-swish'),
      block(3, 1, 200, 80, false, 'hard-swish'),
      ...repeated(2, block(3, 1, 184, 80, false, 'hard-swish'), 184),
    ],
    repeated(2, block(3, 1, 480, 112, true, 'hard-swish'), 672),
    repeated(3, block(5, 2, 672, 160, true, 'hard-swish'), 960),
  ],
  last: 960,
  features: 1280,
};

const small: Form = {
  stages: [
    [block(3, 2, 16, 16, true, 'ReLU')],
    repeated(2, block(3, 2, 72, 24, false, 'ReLU'), 88),
    repeated(3, block(5, 2, 96, 40, true, 'hard-swish'), 240),
    repeated(2, block(5, 1, 120, 48, true, 'hard-swish'), 144),
    repeated(3, block(5, 2, 288, 96, true, 'hard-swish'), 576),
  ],
  last: 576,
  features: 1024,
};

/**
 * MobileNetV3: a 3x3 convolution of stride 2, stages of inverted residual blocks (1x1 to more channels, depthwise, in some
 * squeeze-and-excitation, 1x1 to few, past it where the shape stays), a 1x1 convolution, global average pool, a dense layer with
 * hard-swish, dropout. Batch normalisation behind every convolution of maps; padded alike on both sides.
 *
 * Shapes: image [N, 3, H, W], both sides at least 32, to [N, 1280] (large, 4.20 million parameters) or [N, 1024] (small, 1.52 million).
 * Source: Howard et al. 2019, "Searching for MobileNetV3", tables 1 and 2, section 5.3 for squeeze-and-excitation.
 */
function mobilenetV3(form: Form, name: string) {
  return (scope: NetworkScope, image: Value, { dropout }: BackboneSettings): Value => {
    const shortest = Math.min(lengthOf(image, 2), lengthOf(image, 3));
    if (shortest < 32) {
      throw tooSmall(
        `${name} halves a picture five times: both sides need at least 32 pixels, got ${shortest}`,
        32,
        shortest,
      );
    }
    let x = hardSwish(normalizedConvolution(scope, 'backbone.stem', image, 16, { size: 3, stride: 2 }));
    for (const [stage, blocks] of form.stages.entries()) {
      for (const [place, own] of blocks.entries()) {
        x = invertedResidual(scope, `backbone.stage${stage + 1}.block${place + 1}`, x, own, stage > 0);
      }
    }
    const plain = { size: 1, stride: 1 };
    const last = `backbone.stage${form.stages.length + 1}.block1.last`;
    const pooled = globalAveragePool(hardSwish(normalizedConvolution(scope, last, x, form.last, plain)));
    const head = convolution(scope, 'backbone.head', pooled, form.features, { ...plain, pad: 0 }, { bias: true });
    return scope.dropout('backbone.dropout', flatten(hardSwish(head)), dropout);
  };
}

function invertedResidual(
  scope: NetworkScope,
  name: string,
  x: Value,
  { size, stride, inner, filters, excited, activation }: Block,
  expands: boolean,
): Value {
  const active = activation === 'ReLU' ? relu : hardSwish;
  const plain = { size: 1, stride: 1 };
  const expanded = expands ? active(normalizedConvolution(scope, `${name}.expand`, x, inner, plain)) : x;
  const deep = active(
    normalizedConvolution(scope, `${name}.depthwise`, expanded, inner, { size, stride, groups: inner }),
  );
  const projected = normalizedConvolution(
    scope,
    `${name}.project`,
    excited ? excitation(scope, name, deep) : deep,
    filters,
    plain,
  );
  return stride === 1 && lengthOf(x, 1) === filters ? add(projected, x) : projected;
}

/** Squeeze-and-excitation: each channel times what two dense layers make of the mean of all of them. Source: Hu et al. 2018. */
function excitation(scope: NetworkScope, name: string, x: Value): Value {
  const channels = lengthOf(x, 1);
  const plain = { size: 1, stride: 1, pad: 0 };
  const squeezed = convolution(scope, `${name}.squeeze`, globalAveragePool(x), squeezedChannels(channels), plain, {
    bias: true,
  });
  const gates = convolution(scope, `${name}.excite`, relu(squeezed), channels, plain, { bias: true });
  return mul(x, hardSigmoid(gates, 1 / 6, 0.5));
}

/** A quarter of the channels, as the nearest multiple of 8, but no more than a tenth below it. */
function squeezedChannels(channels: number): number {
  const quarter = channels / 4;
  const near = Math.max(8, 8 * Math.floor((quarter + 4) / 8));
  return near < 0.9 * quarter ? near + 8 : near;
}

/** timm's names of a block's layers, in their order; the first stage's block has no expansion. */
const layersOfBlock: Readonly<Record<string, string>> = {
  expand: 'conv_pw',
  depthwise: 'conv_dw',
  project: 'conv_pwl',
  squeeze: 'se.conv_reduce',
  excite: 'se.conv_expand',
  last: 'conv',
};

/** timm's names: `blocks.1.0.conv_pwl.weight` for our `backbone.stage2.block1.project.weight`. */
const torchNames = torchTensorNames(([layer, place, part], isNorm) => {
  if (layer === 'stem') return [isNorm ? 'bn1' : 'conv_stem'];
  if (layer === 'head') return ['conv_head'];
  const at = `blocks.${Number(layer.slice('stage'.length)) - 1}.${Number(place.slice('block'.length)) - 1}`;
  const first = layer === 'stage1';
  const parts = part === 'last' ? ['last'] : first ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project'];
  if (isNorm) return [`${at}.bn${parts.indexOf(part) + 1}`];
  return [`${at}.${first && part === 'project' ? 'conv_pw' : layersOfBlock[part]}`];
});

/** Built alike, of two sizes. */
const shared = { batchNormalization: 'always', embeddingBatch: 16, weights: { torchNames } } as const;

/** MobileNetV3-Large, for the table. */
export const mobilenetV3Large = defineBackbone({
  ...shared,
  name: 'mobilenetv3-large-100',
  words: {
    layers:
      'six stages of inverted residual blocks with hard-swish and squeeze-and-excitation, global average pool, dense 1280',
    smallestSide: 32,
    features: 1280,
  },
  build: mobilenetV3(large, 'mobilenetv3-large-100'),
});

/** MobileNetV3-Small, for the table. */
export const mobilenetV3Small = defineBackbone({
  ...shared,
  name: 'mobilenetv3-small-100',
  words: {
    layers: 'five stages of the same blocks, global average pool, dense 1024',
    smallestSide: 32,
    features: 1024,
  },
  build: mobilenetV3(small, 'mobilenetv3-small-100'),
});
