import type { ShapeRefusals } from '../../../test/support/shape-case.ts';
import { float32, int64Vector } from '../tensor/tensor.ts';

const image = 'float32[N, 3, 8, 8]';
const windows = [
  { of: [image], with: { kernelShape: [2] }, says: 'kernelShape must be 2 whole numbers of at least 1, got [2]' },
  {
    of: [image],
    with: { kernelShape: [2, 2], strides: [0, 1] },
    says: 'strides must be 2 whole numbers of at least 1',
  },
  { of: [image], with: { kernelShape: [2, 2], pads: [1, 1] }, says: 'pads must be 4 whole numbers of at least 0' },
  {
    of: [image],
    with: { kernelShape: [2, 9] },
    says: 'the window does not fit: spatial axis 1 of [8, 8] has 8 elements and pads of 0 and 0, but the kernel spans 9',
  },
  {
    of: [image],
    with: { kernelShape: [2, 2], pads: [0, 0, 0, 2] },
    says: "pads of 0 and 2 on spatial axis 1 must be smaller than the kernel's 2",
  },
  {
    of: ['float32[N, 3, H]'],
    with: { kernelShape: [2], strides: [2] },
    says: 'spatial axis 0 of the output would be (H + 0 - 2) / 2 + 1, which cannot be known in advance because H',
  },
  { of: ['float32[N, 3]'], with: { kernelShape: [] }, says: "input 'X' must have at least 3 axes (N x C x D1 x ...)" },
  { of: ['int64[2, 3, 8]'], with: { kernelShape: [2] }, says: "input 'X' is int64" },
] as const;

const convolution = [
  { of: [image, 'float32[5, 3, 3]'], says: "input 'W' must have 4 axes, got [5, 3, 3]" },
  { of: [image, 'float64[5, 3, 3, 3]'], says: "'X' (float32) and 'W' (float64) must be of one type" },
  { of: [image, 'float32[5, 3, K, K]'], says: "input 'W' of" },
  {
    of: ['float32[3, 8]', 'float32[5, 3]'],
    says: "input 'X' must have at least 3 axes (N x C x D1 x ...), got [3, 8]",
  },
  { of: [image, 'float32[3, 3, 3, 3]', 'float32[4]'], says: 'B must have shape [3]' },
  { of: [image, 'float32[3, 3, 3, 3]', 'float64[3]'], says: "'X' (float32) and 'B' (float64)" },
  { of: [image, 'float32[3, 3, 3, 3]'], with: { group: 0 }, says: 'group must be a whole number of at least 1, got 0' },
  {
    of: [image, 'float32[3, 3, 3, 3]'],
    with: { kernelShape: [2, 3] },
    says: 'kernelShape [2, 3] is not that of the weights, [3, 3]',
  },
  { of: [image, 'float32[3, 3, 3, 3]'], with: { dilations: [1, 0] }, says: 'dilations must be 2 whole numbers' },
] as const;

const global = [
  { of: ['float32[N, 3]'], says: "input 'X' must have at least 3 axes (N x C x D1 x ...), got [N, 3]" },
  { of: ['int64[2, 3, 4]'], says: "input 'X' is int64" },
] as const;

const product = [
  { of: ['float32[2, 3]', 'int64[3, 4]'], says: "'A' (float32) and 'B' (int64) must be of one type" },
  {
    of: ['float32[N, 3]', 'float32[4, 3]'],
    says: 'axis 1 of A [N, 3] has length 3, but axis 0 of B [4, 3] has 4: they must be equal',
  },
] as const;

/** Refusals of the linear operators, the pools, the normalisations and the sampling operators. */
export const networkRefusals = {
  Conv: [
    ...convolution,
    {
      of: [image, 'float32[5, 4, 3, 3]'],
      says: 'X [N, 3, 8, 8] has 3 channels, but W [5, 4, 3, 3] with group 1 reads 4',
    },
    {
      of: ['float32[N, 4, 8]', 'float32[5, 2, 3]'],
      with: { group: 2 },
      says: 'axis 0 of W [5, 2, 3] has length 5, which group 2 does not divide',
    },
    { of: [image, 'float32[5, 3, 9, 3]'], says: 'the window does not fit: spatial axis 0 of [8, 8]' },
    { of: ['float32[N, 3, H]', 'float32[5, 3, 3]'], says: 'would be (H + 0 - 3) / 1 + 1' },
  ],
  ConvTranspose: [
    ...convolution,
    { of: [image, 'float32[4, 5, 3, 3]'], says: 'has 3 channels, but W [4, 5, 3, 3] with group 1 reads 4' },
    {
      of: [image, 'float32[3, 5, 3, 3]'],
      with: { group: 2 },
      says: 'axis 0 of W [3, 5, 3, 3] has length 3, which group 2 does not divide',
    },
    {
      of: [image, 'float32[3, 5, 3, 3]'],
      with: { strides: [2, 2], outputPadding: [2, 0] },
      says: 'outputPadding [2, 0] must have one number for each stride, below it: [2, 2]',
    },
    { of: [image, 'float32[3, 5, 3, 3]'], with: { strides: [2, 2], outputPadding: [1] }, says: 'outputPadding [1]' },
    {
      of: ['float32[2, 3, 1]', 'float32[3, 5, 1]'],
      with: { pads: [1, 0] },
      says: 'nothing is left of spatial axis 0 of [1]: stride 1, kernel and pads make its output length 0',
    },
    { of: ['float32[N, 3, H]', 'float32[3, 5, 2]'], says: 'would be (H - 1) * 1 + 2, which cannot be known' },
  ],
  FusedMatMul: [
    ...product.slice(1),
    {
      of: ['float32[2, 3]', 'float32[3, 4]'],
      with: { transA: 1 },
      says: 'axis 1 of A transposed [3, 2] has length 2, but axis 0 of B [3, 4] has 3',
    },
    {
      of: ['float32[2, 3]', 'float32[3, 4]'],
      with: { transBatchA: 1 },
      says: 'take operands of equally many axes, 3 or more, got [2, 3] and [3, 4]',
    },
    { of: ['int64[2, 3]', 'int64[3, 4]'], says: "input 'A' is int64" },
  ],
  Gemm: [
    ...product,
    { of: ['float32[1, 2, 3]', 'float32[3, 4]'], says: "input 'A' must have 2 axes, got [1, 2, 3]" },
    { of: ['float32[2, 3]', 'float32[3]'], says: "input 'B' must have 2 axes, got [3]" },
    { of: ['float32[2, 3]', 'float32[3, 4]', 'float32[5, 4]'], says: '[5, 4] and [2, 4] do not broadcast' },
    { of: ['float32[1, 3]', 'float32[3, 4]', 'float32[5, 4]'], says: "'C' [5, 4] does not broadcast to [1, 4]" },
    { of: ['float32[1, 3]', 'float32[3, 4]', 'float64[4]'], says: "'A' (float32) and 'C' (float64)" },
    {
      of: ['float32[2, 3]', 'float32[4, 3]'],
      with: { transB: 1, transA: 1 },
      says: 'axis 0 of B transposed [3, 4] has 3',
    },
  ],
  MatMul: [
    ...product,
    { of: ['float32[]', 'float32[3]'], says: '[] times [3]: a scalar has no matrix product' },
    { of: ['float32[2, 4, 3]', 'float32[5, 3, 4]'], says: '[2] and [5] do not broadcast' },
  ],

  AveragePool: windows,
  GlobalAveragePool: global,
  GlobalMaxPool: global,
  MaxPool: [
    ...windows,
    { of: [image], with: { kernelShape: [3, 3], dilations: [4, 1] }, says: 'but the kernel spans 9' },
    { of: [image], with: { kernelShape: [2, 2] }, outputs: 3, says: 'MaxPool has 2 outputs here (Y, Indices), but 3' },
  ],
  MaxUnpool: [
    {
      of: ['float32[2, 3, 4]', 'int64[2, 3, 5]'],
      with: { kernelShape: [2] },
      says: 'X [2, 3, 4] and I [2, 3, 5] must have the same shape',
    },
    { of: ['float32[2, 3, 4]', 'int32[2, 3, 4]'], with: { kernelShape: [2] }, says: "input 'I' is int32" },
    {
      of: ['float32[2, 3, 4]', 'int64[2, 3, 4]', int64Vector([2, 3, 7])],
      with: { kernelShape: [2], strides: [2] },
      says: 'output_shape [2, 3, 7] must be [2, 3, 8], or longer on the spatial axes',
    },
    {
      of: ['float32[2, 3, 4]', 'int64[2, 3, 4]', int64Vector([2, 4, 8])],
      with: { kernelShape: [2], strides: [2] },
      says: 'output_shape [2, 4, 8] must be [2, 3, 8]',
    },
    { of: ['float32[2, 3, 4]', 'int64[2, 3, 4]'], with: { kernelShape: [2, 2] }, says: 'kernelShape must be 1 whole' },
    { of: ['float32[2, 3]', 'int64[2, 3]'], with: { kernelShape: [] }, says: "input 'X' must have at least 3 axes" },
  ],

  BatchNormalization: [
    {
      of: [image, 'float32[4]', 'float32[3]', 'float32[3]', 'float32[3]'],
      says: "input 'scale' must have shape [3], one element for each channel of [N, 3, 8, 8], got [4]",
    },
    {
      of: [image, 'float32[3]', 'float32[3]', 'float32[3]', 'float32[3, 1]'],
      says: "input 'input_var' must have shape",
    },
    {
      of: [image, 'float32[3]', 'float64[3]', 'float32[3]', 'float32[3]'],
      says: "'scale' (float32) and 'B' (float64)",
    },
    { of: [image, 'float32[3]', 'float32[3]'], says: "input 'input_mean' is missing" },
    { of: ['float32[3]', 'float32[3]'], says: "input 'X' must have at least 2 axes (N x C x ...), got [3]" },
  ],
  Dropout: [
    { of: ['int64[2]'], says: "input 'data' is int64" },
    { of: ['float32[2]', 'float32[1]'], says: "input 'ratio' must be a scalar" },
    { of: ['float32[2]', undefined, 'float32[]'], says: "input 'training_mode' is float32, but Dropout takes bool" },
  ],
  InstanceNormalization: [
    { of: [image, 'float32[3]', 'float32[4]'], says: "input 'B' must have shape [3]" },
    { of: [image, 'float64[3]', 'float32[3]'], says: "'input' (float32) and 'scale' (float64)" },
    { of: ['float32[N, 3]', 'float32[3]', 'float32[3]'], says: "input 'input' must have at least 3 axes" },
  ],
  LayerNormalization: [
    { of: ['float32[N, 5, 3]', 'float32[5]'], says: '[5] and [3] do not broadcast' },
    { of: ['float32[N, 5, 3]', 'float32[5, 3]'], says: "'Scale' [5, 3] does not broadcast to [3]" },
    { of: ['float32[N, 3]', 'float32[3]', 'float64[3]'], says: "'X' (float32) and 'B' (float64)" },
    { of: ['float32[N, 3]', 'float32[3]'], with: { axis: 2 }, says: 'axis 2 is outside a value of 2 axes' },
    { of: ['float32[N, 3]', 'float32[3]'], with: { stashType: 16 }, says: 'stashType (1 is float32) must be one of 1' },
  ],
  LpNormalization: [
    { of: ['float32[N, 3]'], with: { p: 3 }, says: 'p must be one of 1, 2, got 3' },
    { of: ['float32[N, 3]'], with: { axis: 2 }, says: 'axis 2 is outside a value of 2 axes' },
    { of: ['int64[3]'], says: "input 'input' is int64" },
  ],
  LRN: [
    { of: [image], with: { size: 0 }, says: 'size must be a whole number of at least 1, got 0' },
    { of: ['float32[N, 3]'], with: { size: 5 }, says: "input 'X' must have at least 3 axes" },
  ],

  AffineGrid: [
    { of: ['float32[2, 2, 3]', int64Vector([2, 3, 8])], says: 'size [2, 3, 8] must be N, C, H, W or N, C, D, H, W' },
    { of: ['float32[2, 3, 4]', int64Vector([2, 3, 8, 8])], says: 'theta [2, 3, 4] must be N x 2 x 3' },
    { of: ['float32[N, 2, 3]', int64Vector([2, 3, 8, 8])], says: 'axis 0 of theta [N, 2, 3] has length N, but' },
    { of: ['float32[2, 2, 3]', 'int64[4]'], says: "input 'size' of AffineGrid must be a constant" },
  ],
  GridSample: [
    { of: [image, 'float32[N, 5, 5, 3]'], says: 'grid [N, 5, 5, 3] must have 4 axes, the last of length 2' },
    { of: [image, 'float32[N, 5, 2]'], says: 'grid [N, 5, 2] must have 4 axes' },
    { of: [image, 'float32[M, 5, 5, 2]'], says: 'has length N, but axis 0 of grid [M, 5, 5, 2] has M' },
    { of: [image, 'float32[N, 5, 5, 2]'], with: { mode: 'bilinear' }, says: 'linear, nearest, cubic, got bilinear' },
    { of: [image, 'float32[N, 5, 5, 2]'], with: { paddingMode: 'edge' }, says: 'zeros, border, reflection, got edge' },
    { of: [image, 'int64[N, 5, 5, 2]'], says: "input 'grid' is int64" },
  ],
  DequantizeLinear: [
    { of: ['float32[2]', 'float32[]'], says: "input 'x' is float32, but DequantizeLinear takes uint8, int8, int32" },
    {
      of: ['uint8[2]', 'float32[]', 'int8[]'],
      says: "inputs 'x' (uint8) and 'x_zero_point' (int8) must be of one type",
    },
    { of: ['int8[2, 3]', 'float32[2]'], says: "input 'x_scale' must have one element or shape [3], one element for" },
  ],
  QuantizeLinear: [
    { of: ['int32[2]', 'float32[]'], says: "input 'x' is int32, but QuantizeLinear takes float32, float64" },
    { of: ['float32[2]', 'float64[]'], says: "inputs 'x' (float32) and 'y_scale' (float64) must be of one type" },
    { of: ['float32[2]', 'float32[]', 'int32[]'], says: "input 'y_zero_point' is int32" },
    { of: ['float32[2, 3]', 'float32[]', 'int8[2]'], says: 'along axis 1 of [2, 3], got [2]' },
    { of: ['float32[2, 3]', 'float32[3]'], with: { axis: 2 }, says: 'axis' },
  ],
  Resize: [
    { of: [image], says: "Resize takes either 'scales' or 'sizes', one of them" },
    { of: ['float32[2]', undefined, float32([1], [2]), int64Vector([4])], says: 'one of them' },
    {
      of: [image, undefined, float32([2], [1, 1])],
      says: 'scales [1, 1] must be positive, one for each axis of [N, 3',
    },
    { of: ['float32[2]', undefined, undefined, int64Vector([0])], says: 'sizes [0] must be positive' },
    { of: ['float32[N]', undefined, float32([1], [2])], says: 'axis 0 of the output would be floor(N * 2), which' },
    { of: ['float32[2]', undefined, 'float32[1]'], says: "input 'scales' of Resize must be a constant" },
    { of: ['float32[2]', undefined, int64Vector([2])], says: "input 'scales' is int64" },
    {
      of: ['float32[2]', undefined, float32([1], [2])],
      with: { coordinateTransformationMode: 'tf_crop_and_resize' },
      says: 'coordinateTransformationMode must be one of',
    },
    { of: ['float32[2]', undefined, float32([1], [2])], with: { mode: 'area' }, says: 'mode must be one of nearest' },
    { of: ['float32[2]', undefined, float32([1], [2])], with: { nearestMode: 'round' }, says: 'nearestMode must be' },
  ],
} satisfies Partial<ShapeRefusals>;
