import { distinct, floats, type GradientCases, normal, positive } from '../../../test/support/gradient-case.ts';
import { int64Vector, tensor } from '../tensor/tensor.ts';

const statistics = [floats('float64', [3], [0.1, -0.2, 0.3]), floats('float64', [3], [1, 2, 0.5])];
const batchNormalization = [normal([3]), normal([3]), ...statistics];
/** Where MaxPool with windows of 2 found the largest of 1 x 2 x 4 x 4. */
const unpoolIndices = tensor('int64', [1, 2, 2, 2], BigInt64Array.of(5n, 2n, 8n, 15n, 17n, 22n, 29n, 26n));
const off = tensor('bool', [], Uint8Array.of(0));

/** Cases of convolutions: strides, pads, dilations, groups, one to three axes, windows that leave a rest over. */
export const convolutionCases: GradientCases['Conv'] = [
  { of: [normal([2, 3, 4, 4]), normal([2, 3, 3, 3]), normal([2])], with: { pads: [1, 1, 1, 1] } },
  { of: [normal([2, 2, 5, 4]), normal([3, 2, 3, 2])] },
  { of: [normal([2, 2, 6, 5]), normal([2, 2, 3, 3])], with: { strides: [2, 2], pads: [1, 1, 1, 1] } },
  {
    of: [normal([1, 2, 7, 6]), normal([2, 2, 2, 3])],
    with: { strides: [3, 2], pads: [0, 2, 1, 0], dilations: [2, 1] },
  },
  { of: [normal([2, 2, 6, 6]), normal([2, 2, 3, 2])], with: { dilations: [2, 3], pads: [2, 1, 0, 2] } },
  { of: [normal([2, 4, 3, 4]), normal([6, 2, 2, 2])], with: { group: 2, pads: [1, 0, 0, 1] } },
  { of: [normal([2, 3, 4, 4]), normal([3, 1, 3, 3])], with: { group: 3, pads: [1, 1, 1, 1] } },
  { of: [normal([2, 2, 5, 5]), normal([4, 1, 3, 3])], with: { group: 2, strides: [2, 2], pads: [1, 1, 1, 1] } },
  { of: [normal([2, 3, 4, 3]), normal([2, 3, 1, 1]), normal([2])] },
  { of: [normal([2, 3, 4, 5]), normal([2, 3, 1, 1])], with: { strides: [2, 2] } },
  { of: [normal([2, 2, 7]), normal([3, 2, 3])], with: { pads: [1, 2], strides: [2] } },
  { of: [normal([1, 2, 3, 3, 3]), normal([2, 2, 2, 2, 2])], with: { pads: [1, 0, 0, 0, 1, 0] } },
  { of: [normal([1, 1, 3, 3]), normal([2, 1, 1, 1])], with: { pads: [1, 1, 1, 1] } },
  { of: [normal([2, 2, 6, 6]), normal([3, 2, 5, 5])], with: { strides: [2, 2], pads: [2, 2, 1, 1] } },
];

/** Cases of convolutions, pools and normalisations. */
export const networkCases = {
  Conv: convolutionCases,
  ConvTranspose: [
    { of: [normal([2, 3, 3, 3]), normal([3, 2, 2, 2]), normal([2])] },
    {
      of: [normal([2, 2, 3, 2]), normal([2, 3, 3, 3])],
      with: { strides: [2, 3], pads: [1, 0, 1, 1], outputPadding: [1, 2] },
    },
    { of: [normal([2, 4, 3, 3]), normal([4, 2, 2, 3])], with: { group: 2, dilations: [2, 1], strides: [1, 2] } },
  ],
  AveragePool: [
    { of: [normal([2, 2, 4, 4])], with: { kernelShape: [2, 2], strides: [2, 2] } },
    { of: [normal([1, 2, 5, 6])], with: { kernelShape: [3, 2], strides: [2, 3], pads: [1, 0, 1, 1] } },
    {
      of: [normal([1, 2, 5, 5])],
      with: { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], countIncludePad: 1 },
    },
    { of: [normal([1, 2, 6, 5])], with: { kernelShape: [3, 3], strides: [2, 2], ceilMode: 1 } },
    {
      of: [normal([1, 1, 6, 6])],
      with: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 0, 0], ceilMode: 1, countIncludePad: 1 },
    },
    { of: [normal([1, 2, 7])], with: { kernelShape: [2], strides: [3] } },
  ],
  GlobalAveragePool: [{ of: [normal([2, 3, 2, 4])] }],
  GlobalMaxPool: [{ of: [distinct([2, 3, 2, 4])] }],
  MaxPool: [
    { of: [distinct([2, 2, 4, 4])], with: { kernelShape: [2, 2], strides: [2, 2] }, outputs: 2 },
    { of: [distinct([2, 2, 5, 7])], with: { kernelShape: [2, 2], strides: [2, 3] }, outputs: 2 },
    { of: [distinct([1, 2, 5, 5])], with: { kernelShape: [2, 2], strides: [2, 2], ceilMode: 1 }, outputs: 2 },
    { of: [distinct([1, 2, 5, 5])], with: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }, outputs: 2 },
    { of: [distinct([1, 2, 6, 6])], with: { kernelShape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] } },
    { of: [distinct([1, 2, 6, 6])], with: { kernelShape: [2, 2], dilations: [2, 2] } },
    { of: [distinct([1, 2, 6, 7])], with: { kernelShape: [2, 2], dilations: [2, 2], strides: [3, 3] } },
    { of: [distinct([1, 2, 4, 6])], with: { kernelShape: [2, 2], strides: [2, 2], storageOrder: 1 }, outputs: 2 },
    { of: [distinct([2, 2, 7])], with: { kernelShape: [3], strides: [2] } },
  ],
  MaxUnpool: [
    { of: [normal([1, 2, 2, 2]), unpoolIndices], with: { kernelShape: [2, 2], strides: [2, 2] } },
    {
      of: [normal([1, 2, 2, 2]), unpoolIndices, int64Vector([1, 2, 4, 5])],
      with: { kernelShape: [2, 2], strides: [2, 2] },
    },
  ],
  BatchNormalization: [
    { of: [normal([2, 3, 2, 2]), ...batchNormalization], with: { trainingMode: 1 }, outputs: 3 },
    { of: [normal([2, 3, 2, 2]), ...batchNormalization], with: { trainingMode: 1, momentum: 0 }, outputs: 3 },
    { of: [normal([4, 3]), ...batchNormalization], with: { trainingMode: 1, epsilon: 0.1 }, outputs: 3 },
    { of: [normal([2, 3, 2, 2]), normal([3]), normal([3]), normal([3]), positive([3])] },
  ],
  DequantizeLinear: [],
  QuantizeLinear: [],
  Dropout: [{ of: [normal([2, 3])] }, { of: [normal([2, 3]), floats('float64', [], [0.4]), off], outputs: 2 }],
  InstanceNormalization: [{ of: [normal([2, 3, 2, 3]), normal([3]), normal([3])], with: { epsilon: 0.01 } }],
  LayerNormalization: [
    { of: [normal([2, 3, 4]), normal([4]), normal([4])] },
    { of: [normal([2, 3, 4]), normal([3, 4])], with: { axis: 1, epsilon: 0.1 } },
  ],
  LpNormalization: [
    { of: [normal([3, 4])] },
    { of: [normal([3, 4, 2])], with: { axis: 1 } },
    { of: [distinct([3, 5])], with: { p: 1 } },
  ],
  LRN: [
    { of: [normal([2, 5, 2, 2])], with: { size: 3, alpha: 0.5, beta: 0.75, bias: 1 } },
    {
      of: [normal([1, 5, 3])],
      with: { size: 4, alpha: 0.9, beta: 0.5, bias: 2 },
      engineRefuses: 'onnxruntime runs LRN of odd sizes only',
    },
  ],
} satisfies Partial<GradientCases>;
