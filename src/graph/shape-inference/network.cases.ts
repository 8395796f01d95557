import type { ShapeCases } from '../../../test/support/shape-case.ts';
import { float32, int64Vector, tensor } from '../tensor/tensor.ts';

const perChannel = (count: number) => new Array<string>(count).fill('float32[3]');
const training = tensor('bool', [], Uint8Array.of(1));

/** Cases of the linear operators, the pools, the normalisations and the sampling operators. */
export const networkCases = {
  Conv: [
    { of: ['float32[N, 3, 8, 8]', 'float32[5, 3, 3, 3]'], gives: ['float32[N, 5, 6, 6]'] },
    {
      of: ['float32[N, 3, 8, 9]', 'float32[5, 3, 3, 3]', 'float32[5]'],
      with: { pads: [1, 0, 1, 2], strides: [2, 3] },
      gives: ['float32[N, 5, 4, 3]'],
    },
    {
      of: ['float32[2, 4, 9]', 'float32[6, 2, 3]'],
      with: { kernelShape: [3], dilations: [3], group: 2 },
      gives: ['float32[2, 6, 3]'],
    },
    {
      of: ['float32[N, 3, H, W]', 'float32[5, 3, 3, 1]'],
      with: { pads: [1, 0, 1, 0] },
      gives: ['float32[N, 5, H, W]'],
    },
  ],
  ConvTranspose: [
    { of: ['float32[N, 4, 3, 3]', 'float32[4, 5, 2, 2]', 'float32[5]'], gives: ['float32[N, 5, 4, 4]'] },
    {
      of: ['float32[N, 4, 3, 4]', 'float32[4, 5, 3, 3]'],
      with: { strides: [2, 3], pads: [1, 0, 1, 1], outputPadding: [1, 0], group: 2 },
      gives: ['float32[N, 10, 6, 11]'],
    },
    { of: ['float32[N, 4, L]', 'float32[4, 5, 3]'], with: { pads: [1, 1] }, gives: ['float32[N, 5, L]'] },
    { of: ['float32[2, 4, 3]', 'float32[4, 5, 3]'], with: { dilations: [2] }, gives: ['float32[2, 5, 7]'] },
  ],
  FusedMatMul: [
    { of: ['float32[N, 3]', 'float32[N, 4]'], with: { transA: 1 }, gives: ['float32[3, 4]'] },
    { of: ['float32[2, 5, 3]', 'float32[2, 4, 3]'], with: { transB: 1, alpha: 2 }, gives: ['float32[2, 5, 4]'] },
    {
      of: ['float32[5, 2, 3]', 'float32[2, 3, 4]'],
      with: { transBatchA: 1 },
      gives: ['float32[2, 5, 4]'],
    },
    {
      of: ['float32[3, 2, 5]', 'float32[4, 2, 3]'],
      with: { transBatchA: 1, transA: 1, transBatchB: 1, transB: 1 },
      gives: ['float32[2, 5, 4]'],
    },
    { of: ['float32[3]', 'float32[3, 4]'], with: { transA: 1 }, gives: ['float32[4]'] },
  ],
  Gemm: [
    { of: ['float32[N, 3]', 'float32[3, 4]', 'float32[4]'], gives: ['float32[N, 4]'] },
    { of: ['float32[3, N]', 'float32[4, 3]'], with: { transA: 1, transB: 1 }, gives: ['float32[N, 4]'] },
    { of: ['float32[N, 3]', 'float32[3, 4]', 'float32[]'], gives: ['float32[N, 4]'] },
  ],
  MatMul: [
    { of: ['float32[N, 3]', 'float32[3, 4]'], gives: ['float32[N, 4]'] },
    { of: ['float32[N, 1, 2, 3]', 'float32[5, 3, 4]'], gives: ['float32[N, 5, 2, 4]'] },
    { of: ['float32[3]', 'float32[N, 3, 4]'], gives: ['float32[N, 4]'] },
    { of: ['float32[N, 4, 3]', 'float32[3]'], gives: ['float32[N, 4]'] },
    { of: ['float32[3]', 'float32[3]'], gives: ['float32[]'] },
  ],

  AveragePool: [
    { of: ['float32[N, 3, 8, 8]'], with: { kernelShape: [2, 2], strides: [2, 2] }, gives: ['float32[N, 3, 4, 4]'] },
    {
      of: ['float32[N, 3, 6, 7]'],
      with: { kernelShape: [3, 3], strides: [2, 2], pads: [0, 1, 0, 1], ceilMode: 1 },
      gives: ['float32[N, 3, 3, 4]'],
    },
  ],
  GlobalAveragePool: [{ of: ['float32[N, 3, H, W]'], gives: ['float32[N, 3, 1, 1]'] }],
  GlobalMaxPool: [{ of: ['float32[N, 3, 8]'], gives: ['float32[N, 3, 1]'] }],
  MaxPool: [
    {
      of: ['float32[N, 3, 8, 7]'],
      with: { kernelShape: [2, 2], strides: [2, 2] },
      gives: ['float32[N, 3, 4, 3]', 'int64[N, 3, 4, 3]'],
    },
    {
      of: ['float32[N, 3, 10]'],
      with: { kernelShape: [3], strides: [2], dilations: [2], pads: [1, 1] },
      gives: ['float32[N, 3, 4]', 'int64[N, 3, 4]'],
    },
    // Rounding up would give a fourth window, but it would start in the end pad.
    {
      of: ['float32[N, 3, 5]'],
      with: { kernelShape: [2], strides: [3], pads: [1, 1], ceilMode: 1 },
      gives: ['float32[N, 3, 2]', 'int64[N, 3, 2]'],
    },
    {
      of: ['float32[N, 3, H]'],
      with: { kernelShape: [3], pads: [1, 1] },
      gives: ['float32[N, 3, H]', 'int64[N, 3, H]'],
    },
    {
      of: ['float32[2, 3, 1]'],
      with: { kernelShape: [2], strides: [2], ceilMode: 1 },
      gives: ['float32[2, 3, 1]', 'int64[2, 3, 1]'],
    },
  ],
  MaxUnpool: [
    {
      of: ['float32[N, 3, 4, 4]', 'int64[N, 3, 4, 4]'],
      with: { kernelShape: [2, 2], strides: [2, 2] },
      gives: ['float32[N, 3, 8, 8]'],
    },
    {
      of: ['float32[2, 3, 4]', 'int64[2, 3, 4]', int64Vector([2, 3, 9])],
      with: { kernelShape: [2], strides: [2] },
      gives: ['float32[2, 3, 9]'],
    },
  ],

  BatchNormalization: [
    { of: ['float32[N, 3, 8, 8]', ...perChannel(4)], gives: ['float32[N, 3, 8, 8]'] },
    {
      of: ['float32[N, 3]', ...perChannel(4)],
      with: { trainingMode: 1 },
      gives: ['float32[N, 3]', 'float32[3]', 'float32[3]'],
    },
  ],
  Dropout: [
    { of: ['float32[N, 3]'], gives: ['float32[N, 3]', 'bool[N, 3]'] },
    { of: ['float32[N, 3]', float32([], [0.5]), training], gives: ['float32[N, 3]', 'bool[N, 3]'] },
  ],
  InstanceNormalization: [{ of: ['float32[N, 3, 8, 8]', ...perChannel(2)], gives: ['float32[N, 3, 8, 8]'] }],
  LayerNormalization: [
    {
      of: ['float32[N, 5, 3]', ...perChannel(2)],
      gives: ['float32[N, 5, 3]', 'float32[N, 5, 1]', 'float32[N, 5, 1]'],
    },
    {
      of: ['float32[N, 5, 3]', 'float32[5, 3]'],
      with: { axis: 1 },
      gives: ['float32[N, 5, 3]', 'float32[N, 1, 1]', 'float32[N, 1, 1]'],
    },
  ],
  LpNormalization: [{ of: ['float32[N, 3]'], with: { axis: 1 }, gives: ['float32[N, 3]'] }],
  LRN: [{ of: ['float32[N, 3, 8, 8]'], with: { size: 5 }, gives: ['float32[N, 3, 8, 8]'] }],

  DequantizeLinear: [
    { of: ['uint8[N, 3, 4]', 'float32[]', 'uint8[]'], gives: ['float32[N, 3, 4]'] },
    { of: ['int8[5, 3]', 'float32[5]'], with: { axis: 0 }, gives: ['float32[5, 3]'] },
    { of: ['int32[N, 3]', 'float32[3]', 'int32[3]'], with: { axis: -1 }, gives: ['float32[N, 3]'] },
  ],
  QuantizeLinear: [
    { of: ['float32[N, 3, 4]', 'float32[]'], gives: ['uint8[N, 3, 4]'] },
    { of: ['float32[N, 3, 4]', 'float32[3]', 'int8[3]'], gives: ['int8[N, 3, 4]'] },
    // One element is for the whole tensor, whatever the axis.
    { of: ['float32[5]', 'float32[1]', 'int8[]'], gives: ['int8[5]'] },
    { of: ['float32[N, 3, 4]', 'float32[1]', 'int8[1]'], with: { axis: 7 }, gives: ['int8[N, 3, 4]'] },
  ],
  AffineGrid: [
    { of: ['float32[2, 2, 3]', int64Vector([2, 3, 8, 9])], gives: ['float32[2, 8, 9, 2]'] },
    { of: ['float32[2, 3, 4]', int64Vector([2, 3, 7, 8, 9])], gives: ['float32[2, 7, 8, 9, 3]'] },
  ],
  GridSample: [
    { of: ['float32[N, 3, H, W]', 'float32[N, 5, 6, 2]'], gives: ['float32[N, 3, 5, 6]'] },
    {
      of: ['float32[N, 3, 8, 8]', 'float32[N, H, W, 2]'],
      with: { mode: 'nearest', paddingMode: 'border' },
      gives: ['float32[N, 3, H, W]'],
    },
  ],
  Resize: [
    {
      of: ['float32[N, 3, 8, 9]', undefined, float32([4], [1, 1, 0.5, 2])],
      with: { mode: 'linear' },
      gives: ['float32[N, 3, 4, 18]'],
    },
    {
      of: ['float32[2, 3, 8, 9]', undefined, undefined, int64Vector([2, 3, 5, 5])],
      gives: ['float32[2, 3, 5, 5]'],
    },
    {
      of: ['float32[2, 3, 8, 9]', float32([0], []), float32([0], []), int64Vector([2, 3, 16, 5])],
      gives: ['float32[2, 3, 16, 5]'],
    },
    // 0.7 is a little less in float32, and so is ten times that, but float32 rounds the product up to 7.
    { of: ['float32[10]', undefined, float32([1], [0.7])], gives: ['float32[7]'] },
  ],
} satisfies Partial<ShapeCases>;
