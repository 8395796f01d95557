import type { ShapeCases, ShapeRefusals } from '../../../test/support/shape-case.ts';

const image = 'float32[2, 3, 8, 8]';
const perChannel = (count: number) => new Array<string>(count).fill('float32[3]');
const halves = { kernelShape: [2, 2], strides: [2, 2] } as const;

/** Cases of the gradient operators. */
export const gradientCases = {
  AveragePoolGradient: [
    { of: ['float32[2, 3, 4, 4]'], with: { ...halves, imageShape: [2, 3, 8, 9] }, gives: ['float32[2, 3, 8, 9]'] },
  ],
  BatchNormalizationGradient: [
    { of: [image, image, ...perChannel(3)], with: { trainingMode: 1 }, gives: [image, 'float32[3]', 'float32[3]'] },
    { of: ['float32[4, 3]', 'float32[4, 3]', ...perChannel(3)], gives: ['float32[4, 3]'] },
  ],
  ConvInputGradient: [
    {
      of: ['float32[2, 5, 4, 4]', 'float32[5, 3, 3, 3]'],
      with: { pads: [1, 1, 1, 1], strides: [2, 2], imageShape: [2, 3, 8, 7] },
      gives: ['float32[2, 3, 8, 7]'],
    },
    {
      of: ['float32[2, 6, 7]', 'float32[6, 2, 3]'],
      with: { group: 2, imageShape: [2, 4, 9] },
      gives: ['float32[2, 4, 9]'],
    },
  ],
  ConvWeightGradient: [
    {
      of: [image, 'float32[2, 5, 4, 4]'],
      with: { pads: [1, 1, 1, 1], strides: [2, 2], kernelShape: [3, 3] },
      gives: ['float32[5, 3, 3, 3]', 'float32[5]'],
    },
    {
      of: ['float32[2, 4, 9]', 'float32[2, 6, 7]'],
      with: { group: 2, kernelShape: [3] },
      gives: ['float32[6, 2, 3]'],
    },
  ],
  ClipGradient: [{ of: ['float32[N, 3]', 'float32[N, 3]', 'float32[N, 3]'], gives: ['float32[N, 3]'] }],
  FusedGelu: [{ of: ['float32[N, 3]'], with: { approximate: 'tanh' }, gives: ['float32[N, 3]'] }],
  GeluGradient: [{ of: ['float32[N, 3]', 'float32[N, 3]', 'float32[N, 3]'], gives: ['float32[N, 3]'] }],
  GlobalAveragePoolGradient: [{ of: ['float32[2, 3, 1, 1]'], with: { imageShape: [2, 3, 8, 8] }, gives: [image] }],
  LayerNormalizationGradient: [
    { of: [image, image, 'float32[8]'], gives: [image, 'float32[8]', 'float32[8]'] },
    { of: ['float32[N, 4, 6]', 'float32[N, 4, 6]', 'float32[4, 6]'], with: { axis: 1 }, gives: ['float32[N, 4, 6]'] },
  ],
  LrnGradient: [{ of: [image, image], with: { size: 5 }, gives: [image] }],
  MaxPoolGradient: [{ of: [image, 'float32[2, 3, 4, 4]', 'float32[2, 3, 4, 4]'], with: halves, gives: [image] }],
  ReluGradient: [{ of: ['float32[N, 3]', 'float32[N, 3]'], gives: ['float32[N, 3]'] }],
  SoftmaxGradient: [{ of: ['float64[N, 3]', 'float64[N, 3]'], with: { axis: 0 }, gives: ['float64[N, 3]'] }],
} satisfies Partial<ShapeCases>;

const unlike = [
  { of: ['float32[2, 3]', 'float32[2, 4]'], says: "input 'Y' must have shape [2, 3], got [2, 4]" },
  { of: ['float32[2, 3]', 'float64[2, 3]'], says: "'dY' (float32) and 'Y' (float64) must be of one type" },
  { of: ['int64[2, 3]', 'int64[2, 3]'], says: "input 'dY' is int64" },
] as const;

/** Refusals of the gradient operators. */
export const gradientRefusals = {
  AveragePoolGradient: [
    {
      of: ['float32[2, 3, 4, 5]'],
      with: { ...halves, imageShape: [2, 3, 8, 8] },
      says: "input 'dY' must have shape [2, 3, 4, 4], got [2, 3, 4, 5]",
    },
    {
      of: ['float32[2, 3, 4, 4]'],
      with: { ...halves, imageShape: [3, 8, 8] },
      says: 'imageShape must be 4 whole numbers of at least 1, got [3, 8, 8]',
    },
  ],
  BatchNormalizationGradient: [
    { of: [image, 'float32[2, 3, 8, 7]', ...perChannel(3)], says: "input 'X' must have shape [2, 3, 8, 8]" },
    { of: [image, image, 'float32[4]', ...perChannel(2)], says: "input 'scale' must have shape [3]" },
    { of: [image, image, ...perChannel(2)], says: "input 'input_var' is missing" },
  ],
  ConvInputGradient: [
    {
      of: ['float32[2, 5, 6, 5]', 'float32[5, 3, 3, 3]'],
      with: { imageShape: [2, 3, 8, 8] },
      says: "input 'dY' must have shape [2, 5, 6, 6], got [2, 5, 6, 5]",
    },
    {
      of: ['float32[2, 5, 6, 6]', 'float32[5, 4, 3, 3]'],
      with: { imageShape: [2, 3, 8, 8] },
      says: 'has 3 channels, but W [5, 4, 3, 3] with group 1 reads 4',
    },
    {
      of: ['float32[2, 5, 6, 6]', 'float32[5, 3, 3, 3]'],
      with: { imageShape: [2, 3, 8] },
      says: 'imageShape must be 4 whole numbers',
    },
  ],
  ConvWeightGradient: [
    {
      of: [image, 'float32[2, 5, 6, 5]'],
      with: { kernelShape: [3, 3] },
      says: "input 'dY' must have shape [2, 5, 6, 6], got [2, 5, 6, 5]",
    },
    { of: [image, 'float64[2, 5, 6, 6]'], with: { kernelShape: [3, 3] }, says: "'X' (float32) and 'dY' (float64)" },
    { of: [image, 'float32[2, 5, 6, 6]'], with: { kernelShape: [3] }, says: "input 'W' must have 4 axes" },
  ],
  GlobalAveragePoolGradient: [
    {
      of: ['float32[2, 3, 1, 2]'],
      with: { imageShape: [2, 3, 8, 8] },
      says: "input 'dY' must have shape [2, 3, 1, 1], got [2, 3, 1, 2]",
    },
    { of: ['float32[2, 3, 1, 1]'], with: { imageShape: [2, 3, 0, 8] }, says: 'imageShape must be 4 whole numbers' },
  ],
  FusedGelu: [
    { of: [image], with: { approximate: 'sigmoid' }, says: 'approximate must be one of none, tanh, got sigmoid' },
    { of: ['int64[2]'], says: "input 'X' is int64" },
  ],
  GeluGradient: [
    { of: [image, 'float32[2, 3, 8, 7]', image], says: "input 'X' must have shape [2, 3, 8, 8]" },
    { of: [image, image, 'float32[2, 3, 8, 7]'], says: "input 'Y' must have shape [2, 3, 8, 8]" },
    { of: [image, image, image], with: { approximate: 'sigmoid' }, says: 'approximate must be one of none, tanh' },
  ],
  LayerNormalizationGradient: [
    { of: [image, 'float32[2, 3, 8, 7]', 'float32[8]'], says: "input 'X' must have shape [2, 3, 8, 8]" },
    { of: [image, image, 'float32[7]'], says: 'shapes [7] and [8] do not broadcast' },
    { of: [image, image, 'float32[8]'], with: { axis: 4 }, says: 'axis' },
  ],
  LrnGradient: [
    { of: [image, 'float32[2, 3, 8, 7]'], with: { size: 5 }, says: "input 'X' must have shape [2, 3, 8, 8]" },
    { of: [image, image], with: { size: 0 }, says: 'size must be a whole number of at least 1, got 0' },
  ],
  MaxPoolGradient: [
    {
      of: [image, 'float32[2, 3, 4, 3]', 'float32[2, 3, 4, 4]'],
      with: halves,
      says: "input 'Y' must have shape [2, 3, 4, 4], got [2, 3, 4, 3]",
    },
    {
      of: [image, 'float32[2, 3, 4, 4]', 'float32[2, 3, 4, 3]'],
      with: halves,
      says: "input 'dY' must have shape [2, 3, 4, 4], got [2, 3, 4, 3]",
    },
    {
      of: [image, 'float32[2, 3, 4, 4]', 'float64[2, 3, 4, 4]'],
      with: halves,
      says: "'X' (float32) and 'dY' (float64)",
    },
  ],
  ClipGradient: [
    { of: ['float32[2, 3]', 'float32[2, 4]', 'float32[2, 3]'], says: "input 'X' must have shape [2, 3], got [2, 4]" },
    { of: ['float32[2, 3]', 'float32[2, 3]', 'float32[2, 4]'], says: "input 'Y' must have shape [2, 3], got [2, 4]" },
    { of: ['float32[2, 3]', 'float32[2, 3]', 'float64[2, 3]'], says: "'dY' (float32) and 'Y' (float64)" },
    { of: ['int64[2, 3]', 'int64[2, 3]', 'int64[2, 3]'], says: "input 'dY' is int64" },
  ],
  ReluGradient: unlike,
  SoftmaxGradient: [...unlike, { of: ['float32[2, 3]', 'float32[2, 3]'], with: { axis: 2 }, says: 'axis' }],
} satisfies Partial<ShapeRefusals>;
