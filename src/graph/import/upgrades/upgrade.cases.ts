import { create } from '@bufbuild/protobuf';
import {
  type Content,
  type ForeignFile,
  float,
  int,
  ints,
  node,
  text,
} from '../../../../test/fixtures/foreign-model.ts';
import { type AttributeProto, AttributeProto_AttributeType, AttributeProtoSchema } from '../../onnx/onnx_pb.ts';
import { float32, int64Vector, tensor } from '../../tensor/tensor.ts';

/** A file with one float32 input `x` of a shape and, unless said otherwise, one output `y`. */
export type UpgradeCase = Omit<ForeignFile, 'outputs' | 'inputs'> & {
  readonly shape: readonly number[];
  readonly outputs?: readonly string[];
};

type Attributes = Readonly<Record<string, Content>>;

/** One node from x, and the initializers named behind it, to y. */
function one(
  opset: number,
  op: string,
  shape: number[],
  attributes: Attributes,
  more: Partial<UpgradeCase> = {},
): UpgradeCase {
  const inputs = ['x', ...Object.keys(more.initializers ?? {})];
  return { opset, shape, nodes: [node(op, inputs, more.outputs ? [...more.outputs] : ['y'], attributes)], ...more };
}

const floats = (name: string, ...values: number[]): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOATS, floats: values });
const ramp = (...shape: number[]) =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 37) % 19) / 10 - 0.9),
  );
const scales = (...values: number[]) => ({ scales: float32([values.length], values) });
const w = { w: ramp(4, 2, 3, 3) };
const transposedWeights = { w: ramp(2, 3, 3, 4) };
const perChannel = {
  scale: float32([3], [1, 2, 0.5]),
  bias: float32([3], [0, -1, 1]),
  mean: float32([3], [0.1, 0.2, 0.3]),
  variance: float32([3], [1, 0.5, 2]),
};

/** For every upgrade at least one node that needs it. */
export const upgradeCases: Readonly<Record<string, UpgradeCase>> = {
  'AveragePool: SAME_UPPER': one(9, 'AveragePool', [1, 2, 5, 6], {
    kernel_shape: ints(2, 3),
    strides: ints(2, 2),
    auto_pad: text('SAME_UPPER'),
  }),
  'AveragePool: SAME_LOWER, pads counted': one(11, 'AveragePool', [1, 2, 6, 6], {
    kernel_shape: ints(3, 2),
    strides: ints(2, 1),
    auto_pad: text('SAME_LOWER'),
    count_include_pad: int(1),
  }),
  'AveragePool: dilations of 1': one(19, 'AveragePool', [1, 2, 5, 6], {
    kernel_shape: ints(2, 2),
    dilations: ints(1, 1),
  }),
  'BatchNormalization: opset 9': one(
    9,
    'BatchNormalization',
    [2, 3, 4],
    { epsilon: float(0.01) },
    { initializers: perChannel },
  ),
  'BatchNormalization: opset 7': one(
    7,
    'BatchNormalization',
    [2, 3, 4],
    { epsilon: float(0.01), spatial: int(1) },
    { initializers: perChannel },
  ),
  'BatchNormalization: training': {
    opset: 9,
    shape: [2, 3, 4],
    initializers: perChannel,
    nodes: [node('BatchNormalization', ['x', ...Object.keys(perChannel)], ['y', 'm', 'v', 'sm', 'sv'])],
    outputs: ['y', 'm', 'v'],
  },
  'CastLike: int64 and back': {
    opset: 15,
    shape: [3, 4],
    initializers: { like: int64Vector([1]) },
    nodes: [node('CastLike', ['x', 'like'], ['whole']), node('CastLike', ['whole', 'x'], ['y'])],
  },
  'Clip: both limits': one(9, 'Clip', [3, 4], { min: float(-0.5), max: float(0.3) }),
  'Clip: one limit': one(10, 'Clip', [3, 4], { max: float(0.3) }),
  'ConstantOfShape: int64': {
    opset: 9,
    shape: [2, 3],
    nodes: [
      node('ConstantOfShape', ['lengths'], ['filled'], { value: tensor('int64', [1], BigInt64Array.of(7n)) }),
      node('Cast', ['filled'], ['numbers'], { to: int(1) }),
      node('Add', ['numbers', 'x'], ['y']),
    ],
    initializers: { lengths: int64Vector([2, 3]) },
  },
  'ConstantOfShape: float32': {
    opset: 9,
    shape: [2, 3],
    nodes: [
      node('ConstantOfShape', ['lengths'], ['filled'], { value: float32([1], [0.1]) }),
      node('Add', ['filled', 'x'], ['y']),
    ],
    initializers: { lengths: int64Vector([2, 3]) },
  },
  'Conv: SAME_UPPER': one(
    11,
    'Conv',
    [1, 2, 7, 9],
    { auto_pad: text('SAME_UPPER'), group: int(1) },
    { initializers: w },
  ),
  'Conv: SAME_LOWER, strides': one(
    9,
    'Conv',
    [1, 2, 8, 9],
    { auto_pad: text('SAME_LOWER'), strides: ints(2, 3) },
    { initializers: w },
  ),
  'Conv: SAME_UPPER, kernel shorter than the stride': one(
    11,
    'Conv',
    [1, 2, 7, 7],
    { auto_pad: text('SAME_UPPER'), strides: ints(3, 2) },
    { initializers: { w: ramp(4, 2, 1, 1) } },
  ),
  'Conv: VALID': one(22, 'Conv', [1, 2, 8, 9], { auto_pad: text('VALID'), strides: ints(2, 2) }, { initializers: w }),
  'Conv: NOTSET': one(
    9,
    'Conv',
    [1, 2, 8, 9],
    { auto_pad: text('NOTSET'), pads: ints(1, 0, 0, 1) },
    { initializers: w },
  ),
  'ConvTranspose: SAME_UPPER': one(
    11,
    'ConvTranspose',
    [1, 2, 4, 5],
    { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) },
    { initializers: transposedWeights },
  ),
  'ConvTranspose: SAME_LOWER': one(
    11,
    'ConvTranspose',
    [1, 2, 4, 5],
    { auto_pad: text('SAME_LOWER'), strides: ints(2, 3) },
    { initializers: transposedWeights },
  ),
  'ConvTranspose: output_shape': one(
    11,
    'ConvTranspose',
    [1, 2, 4, 5],
    { output_shape: ints(8, 10), strides: ints(2, 2) },
    { initializers: transposedWeights },
  ),
  'ConvTranspose: output_shape, SAME_UPPER': one(
    11,
    'ConvTranspose',
    [1, 2, 4, 5],
    { output_shape: ints(8, 11), strides: ints(2, 2), auto_pad: text('SAME_UPPER') },
    { initializers: transposedWeights },
  ),
  'ConvTranspose: VALID': one(
    9,
    'ConvTranspose',
    [1, 2, 4, 5],
    { auto_pad: text('VALID'), strides: ints(2, 2), output_padding: ints(1, 0) },
    { initializers: transposedWeights },
  ),
  'Dropout: opset 9': one(9, 'Dropout', [3, 4], { ratio: float(0.4) }),
  'Dropout: opset 10, mask not read': {
    opset: 10,
    shape: [3, 4],
    nodes: [node('Dropout', ['x'], ['y', 'm'], { ratio: float(0.4) })],
  },
  'GridSample: bilinear': one(
    16,
    'GridSample',
    [1, 2, 5, 4],
    { mode: text('bilinear') },
    { initializers: { grid: ramp(1, 3, 3, 2) } },
  ),
  'GridSample: bicubic': one(
    16,
    'GridSample',
    [1, 2, 5, 4],
    { mode: text('bicubic'), padding_mode: text('border') },
    { initializers: { grid: ramp(1, 3, 3, 2) } },
  ),
  'GridSample: nearest, default of opset 20': {
    opset: 20,
    shape: [1, 2, 5, 4],
    nodes: [
      node('GridSample', ['x', 'grid'], ['near'], { mode: text('nearest'), align_corners: int(1) }),
      node('GridSample', ['x', 'grid'], ['far'], { mode: text('linear') }),
      node('Add', ['near', 'far'], ['y']),
    ],
    initializers: { grid: ramp(1, 3, 3, 2) },
  },
  'LogSoftmax: default axis': one(11, 'LogSoftmax', [3, 4], {}),
  'LogSoftmax: all axes at once': one(9, 'LogSoftmax', [2, 3, 4], { axis: int(0) }),
  'Softmax: over two axes at once': one(9, 'Softmax', [2, 3, 4], {}),
  'Softmax: over channels alone': one(11, 'Softmax', [2, 3, 1, 1], { axis: int(-3) }),
  'Softmax: over nothing': one(11, 'Softmax', [2, 3, 1, 1], { axis: int(2) }),
  'Softmax: opset 13': one(13, 'Softmax', [2, 3, 4], { axis: int(1) }),
  'MaxPool: SAME_LOWER': one(9, 'MaxPool', [1, 2, 5, 6], {
    kernel_shape: ints(2, 4),
    strides: ints(2, 1),
    auto_pad: text('SAME_LOWER'),
  }),
  'MaxPool: VALID, last window rounded up': one(12, 'MaxPool', [1, 2, 5, 6], {
    kernel_shape: ints(2, 2),
    strides: ints(2, 2),
    auto_pad: text('VALID'),
    ceil_mode: int(1),
  }),
  'MaxPool: SAME_UPPER, ceil_mode': one(12, 'MaxPool', [1, 2, 4, 6], {
    kernel_shape: ints(3, 2),
    strides: ints(2, 2),
    auto_pad: text('SAME_UPPER'),
    ceil_mode: int(1),
  }),
  'Pad: constant': one(9, 'Pad', [2, 3], { pads: ints(1, 0, 0, 2), value: float(0.25) }),
  'Pad: reflect': one(10, 'Pad', [4, 3], { pads: ints(1, 1, 2, 0), mode: text('reflect') }),
  'Pad: elements taken away': one(9, 'Pad', [4, 3], { pads: ints(-1, 0, 0, -1) }),
  'ReduceMean: axes': one(17, 'ReduceMean', [2, 3, 4], { axes: ints(0, -1), keepdims: int(0) }),
  'ReduceL1: axes': one(17, 'ReduceL1', [2, 3, 4], { axes: ints(0, -1) }),
  'Gelu: exact': one(20, 'Gelu', [2, 7], {}),
  'Gelu: by tanh': one(20, 'Gelu', [2, 7], { approximate: text('tanh') }),
  'Gelu: none said': one(22, 'Gelu', [3, 5], { approximate: text('none') }),
  'ReduceL2: axes': one(17, 'ReduceL2', [2, 3, 4], { axes: ints(1, 2), keepdims: int(0) }),
  'ReduceL2: axes as an input': one(18, 'ReduceL2', [2, 3, 4], {}, { initializers: { axes: int64Vector([-1]) } }),
  'ReduceSumSquare: all axes': one(13, 'ReduceSumSquare', [2, 3, 4], { keepdims: int(0) }),
  'ReduceMax: all axes': one(9, 'ReduceMax', [2, 3, 4], {}),
  'ReduceMin: axes': one(12, 'ReduceMin', [2, 3, 4], { axes: ints(1) }),
  'ReduceLogSumExp: axes': one(13, 'ReduceLogSumExp', [2, 3, 4], { axes: ints(1, 2), keepdims: int(0) }),
  'ReduceSum: axes': one(11, 'ReduceSum', [2, 3, 4], { axes: ints(1) }),
  'ReduceSum: axes as an input': one(13, 'ReduceSum', [2, 3, 4], {}, { initializers: { axes: int64Vector([2]) } }),
  'Resize: opset 10, nearest, larger': one(10, 'Resize', [1, 1, 3, 4], {}, { initializers: scales(1, 1, 2, 2.5) }),
  'Resize: opset 10, nearest, smaller': one(10, 'Resize', [1, 1, 9, 8], {}, { initializers: scales(1, 1, 0.4, 0.75) }),
  'Resize: opset 10, linear': one(
    10,
    'Resize',
    [1, 1, 4, 4],
    { mode: text('linear') },
    { initializers: scales(1, 1, 0.6, 2) },
  ),
  'Resize: opset 11, sizes and empty inputs': {
    opset: 11,
    shape: [1, 1, 4, 5],
    nodes: [
      node('Resize', ['x', 'none', 'none', 'sizes'], ['y'], {
        mode: text('linear'),
        coordinate_transformation_mode: text('pytorch_half_pixel'),
      }),
    ],
    initializers: { none: float32([0], []), sizes: int64Vector([1, 1, 7, 3]) },
  },
  'Resize: opset 11, scales and a region that counts for nothing': {
    opset: 11,
    shape: [1, 1, 4, 5],
    nodes: [node('Resize', ['x', 'roi', 'scales'], ['y'], { mode: text('cubic'), cubic_coeff_a: float(-0.5) })],
    initializers: { roi: float32([8], [0, 0, 0, 0, 1, 1, 1, 1]), ...scales(1, 1, 2, 1.5) },
  },
  'Resize: opset 18, axes and sizes': {
    opset: 18,
    shape: [1, 2, 4, 5],
    nodes: [
      node('Resize', ['x', '', '', 'sizes'], ['y'], { mode: text('linear'), axes: ints(3, -2), antialias: int(1) }),
    ],
    initializers: { sizes: int64Vector([3, 2]) },
  },
  'Resize: opset 19, axes and scales': {
    opset: 19,
    shape: [1, 2, 4, 5],
    nodes: [
      node('Resize', ['x', '', 'scales'], ['y'], {
        mode: text('nearest'),
        axes: ints(2, 3),
        keep_aspect_ratio_policy: text('stretch'),
      }),
    ],
    initializers: scales(2, 1.5),
  },
  'Scatter: opset 9': {
    opset: 9,
    shape: [3, 2],
    nodes: [node('Scatter', ['x', 'places', 'news'], ['y'], { axis: int(1) })],
    initializers: { places: tensor('int64', [1, 2], BigInt64Array.of(1n, 0n)), news: float32([1, 2], [5, 6]) },
  },
  'Slice: opset 9': one(9, 'Slice', [4, 5, 6], { starts: ints(1, -3), ends: ints(-1, 2 ** 40), axes: ints(0, 2) }),
  'Slice: opset 9, no axes': one(9, 'Slice', [4, 5], { starts: ints(1), ends: ints(3) }),
  'Split: opset 11': {
    opset: 11,
    shape: [5, 2],
    nodes: [node('Split', ['x'], ['a', 'b'], { split: ints(3, 2), axis: int(0) })],
    outputs: ['a', 'b'],
  },
  'Split: opset 13, equal pieces': {
    opset: 13,
    shape: [2, 6],
    nodes: [node('Split', ['x'], ['a', 'b', 'c'], { axis: int(-1) })],
    outputs: ['a', 'b', 'c'],
  },
  'Squeeze: axes': one(11, 'Squeeze', [1, 3, 1, 2], { axes: ints(0, -2) }),
  'Squeeze: every axis of length 1': one(9, 'Squeeze', [1, 3, 1, 2], {}),
  'Unsqueeze: axes': one(12, 'Unsqueeze', [3, 2], { axes: ints(0, -1) }),
  'TopK: opset 9': {
    opset: 9,
    shape: [3, 7],
    nodes: [node('TopK', ['x'], ['y', 'places'], { k: int(4), axis: int(1) })],
  },
  'Upsample: nearest': one(9, 'Upsample', [1, 2, 3, 4], {}, { initializers: scales(1, 1, 2, 3) }),
  'Upsample: opset 7': {
    opset: 7,
    shape: [1, 2, 3, 4],
    nodes: [{ ...node('Upsample', ['x'], ['y']), attribute: [floats('scales', 1, 1, 2, 3)] }],
  },
  'Upsample: linear': one(
    9,
    'Upsample',
    [1, 2, 3, 4],
    { mode: text('linear') },
    { initializers: scales(1, 1, 2, 1.5) },
  ),
};
