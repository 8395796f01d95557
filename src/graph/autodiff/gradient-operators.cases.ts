import { distinct, floats, type GradientCases, normal, positive } from '../../../test/support/gradient-case.ts';

const statistics = [normal([3]), normal([3]), positive([3])];
const image = normal([2, 3, 2, 2]);

/** Cases of gradient operators: gradients of gradients. */
export const gradientOperatorCases = {
  AveragePoolGradient: [
    { of: [normal([2, 2, 2, 2])], with: { kernelShape: [2, 2], strides: [2, 2], imageShape: [2, 2, 4, 5] } },
    {
      of: [normal([1, 1, 3, 3])],
      with: {
        kernelShape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 0, 0],
        ceilMode: 1,
        countIncludePad: 1,
        imageShape: [1, 1, 6, 6],
      },
    },
  ],
  BatchNormalizationGradient: [
    { of: [image, image, ...statistics], with: { trainingMode: 1 }, outputs: 3, lossOf: [0, 1, 2] },
    { of: [image, image, ...statistics], with: { epsilon: 0.1 }, outputs: 3, lossOf: [0, 1, 2] },
    { of: [normal([4, 3]), normal([4, 3]), ...statistics], with: { trainingMode: 1 } },
  ],
  ClipGradient: [
    {
      of: [
        normal([2, 3]),
        floats('float64', [2, 3], [0.25, 2, -1, 7, 6, 0.5]),
        floats('float64', [2, 3], [0.25, 2, 0, 6, 6, 0.5]),
      ],
    },
  ],
  ConvInputGradient: [
    {
      of: [normal([2, 3, 4, 4]), normal([3, 2, 3, 3])],
      with: { pads: [1, 1, 1, 1], imageShape: [2, 2, 4, 4] },
    },
    {
      of: [normal([2, 4, 3, 2]), normal([4, 1, 2, 2])],
      with: { group: 2, strides: [2, 3], dilations: [1, 2], imageShape: [2, 2, 6, 7] },
    },
  ],
  ConvWeightGradient: [
    {
      of: [normal([2, 2, 4, 4]), normal([2, 3, 4, 4])],
      with: { pads: [1, 1, 1, 1], kernelShape: [3, 3] },
      outputs: 2,
      lossOf: [0, 1],
    },
    {
      of: [normal([2, 2, 6, 7]), normal([2, 4, 3, 2])],
      with: { group: 2, strides: [2, 3], dilations: [1, 2], kernelShape: [2, 2] },
    },
    { of: [normal([2, 2, 5]), normal([2, 3, 3])], with: { kernelShape: [3] }, outputs: 2, lossOf: [1] },
  ],
  FusedGelu: [{ of: [normal([2, 3, 4])] }, { of: [normal([2, 3, 4])], with: { approximate: 'tanh' } }],
  GeluGradient: [
    { of: [normal([2, 5]), normal([2, 5]), normal([2, 5])] },
    { of: [normal([2, 5]), normal([2, 5]), normal([2, 5])], with: { approximate: 'tanh' } },
  ],
  GlobalAveragePoolGradient: [{ of: [normal([2, 3, 1, 1])], with: { imageShape: [2, 3, 2, 4] } }],
  LayerNormalizationGradient: [
    { of: [normal([2, 3, 5]), normal([2, 3, 5]), normal([5])], outputs: 3, lossOf: [0, 1, 2] },
    { of: [normal([2, 3, 4]), normal([2, 3, 4]), normal([3, 4])], with: { axis: 1, epsilon: 0.1 } },
  ],
  LrnGradient: [
    { of: [normal([2, 5, 2, 2]), normal([2, 5, 2, 2])], with: { size: 3, alpha: 0.5, beta: 0.75, bias: 1 } },
  ],
  MaxPoolGradient: [
    {
      of: [distinct([1, 2, 4, 4]), normal([1, 2, 2, 2]), normal([1, 2, 2, 2])],
      with: { kernelShape: [2, 2], strides: [2, 2] },
    },
    {
      of: [distinct([1, 2, 5, 5]), normal([1, 2, 3, 3]), normal([1, 2, 3, 3])],
      with: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    },
  ],
  ReluGradient: [
    { of: [normal([2, 3]), positive([2, 3])] },
    { of: [normal([2, 3]), floats('float64', [2, 3], [0, 2, 0, 1, 0.5, 0])] },
  ],
  SoftmaxGradient: [
    { of: [normal([3, 4]), normal([3, 4])] },
    { of: [normal([3, 4, 2]), normal([3, 4, 2])], with: { axis: 1 } },
  ],
} satisfies Partial<GradientCases>;
