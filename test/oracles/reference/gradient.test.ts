import { float32 } from '../../../src/graph/tensor/tensor.ts';
import { gradient } from './gradient.ts';
import { fed, type OperatorCases, operatorContract, uniform } from './operator.contract.ts';

const image = uniform([2, 4, 7, 6]);
const perChannel = [uniform([4]), uniform([4]), uniform([4], 0.5, 2)];
const ties = fed(float32([1, 1, 4, 4], [1, 1, 0, 2, 1, 1, 2, 2, 0, 0, 5, 5, 0, 0, 5, 5]));

/** Against onnxruntime by the unfolded forms. */
const cases: OperatorCases<keyof typeof gradient> = {
  AveragePoolGradient: [
    { inputs: [uniform([2, 4, 3, 3])], attributes: { kernelShape: [2, 2], strides: [2, 2], imageShape: [2, 4, 7, 6] } },
    {
      inputs: [uniform([2, 4, 4, 3])],
      attributes: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], imageShape: [2, 4, 7, 6] },
    },
    {
      inputs: [uniform([1, 1, 3, 3])],
      attributes: {
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
    { inputs: [image, image, ...perChannel], attributes: { trainingMode: 1, epsilon: 0.01 }, outputs: 3 },
    { inputs: [image, image, ...perChannel], attributes: {}, outputs: 3 },
    { inputs: [uniform([5, 4]), uniform([5, 4]), ...perChannel], attributes: { trainingMode: 1 } },
    { inputs: [uniform([2, 4, 12, 12]), uniform([2, 4, 12, 12]), ...perChannel], attributes: { trainingMode: 1 } },
  ],
  ClipGradient: [
    {
      inputs: [
        uniform([2, 3]),
        fed(float32([2, 3], [0, 2, -1, 7, 6, 0.5])),
        fed(float32([2, 3], [0, 2, 0, 6, 6, 0.5])),
      ],
      attributes: {},
    },
  ],
  ConvInputGradient: [
    {
      inputs: [uniform([2, 3, 7, 6]), uniform([3, 4, 3, 3])],
      attributes: { pads: [1, 1, 1, 1], imageShape: [2, 4, 7, 6] },
    },
    {
      inputs: [uniform([2, 6, 4, 2]), uniform([6, 2, 3, 2])],
      attributes: { group: 2, strides: [2, 3], pads: [1, 0, 1, 0], imageShape: [2, 4, 7, 6] },
    },
    { inputs: [uniform([2, 4, 3]), uniform([4, 3, 4])], attributes: { strides: [2], imageShape: [2, 3, 9] } },
    {
      inputs: [uniform([1, 2, 3, 4]), uniform([2, 2, 2, 2])],
      attributes: { dilations: [2, 1], imageShape: [1, 2, 5, 5] },
    },
  ],
  ConvWeightGradient: [
    {
      inputs: [image, uniform([2, 3, 7, 6])],
      attributes: { pads: [1, 1, 1, 1], kernelShape: [3, 3] },
      outputs: 2,
    },
    {
      inputs: [image, uniform([2, 6, 4, 2])],
      attributes: { group: 2, strides: [2, 3], pads: [1, 0, 1, 0], kernelShape: [3, 2] },
    },
    { inputs: [uniform([2, 3, 9]), uniform([2, 4, 3])], attributes: { strides: [2], kernelShape: [4] }, outputs: 2 },
    { inputs: [image, uniform([2, 2, 3, 2])], attributes: { kernelShape: [5, 5] } },
  ],
  FusedGelu: [
    { inputs: [image], attributes: {} },
    { inputs: [image], attributes: { approximate: 'tanh' } },
  ],
  GeluGradient: [
    { inputs: [image, image, image], attributes: {} },
    { inputs: [image, image, image], attributes: { approximate: 'tanh' } },
  ],
  GlobalAveragePoolGradient: [{ inputs: [uniform([2, 4, 1, 1])], attributes: { imageShape: [2, 4, 7, 6] } }],
  LayerNormalizationGradient: [
    { inputs: [image, image, uniform([6])], attributes: { epsilon: 0.01 }, outputs: 3 },
    { inputs: [image, image, uniform([7, 6])], attributes: { axis: 2 }, outputs: 3 },
    { inputs: [image, image, uniform([7, 1])], attributes: { axis: -2 }, outputs: 3 },
    { inputs: [image, image, uniform([6])], attributes: {} },
  ],
  LrnGradient: [
    { inputs: [image, image], attributes: { size: 3, alpha: 0.5, beta: 0.6, bias: 2 } },
    { inputs: [uniform([2, 7, 3]), uniform([2, 7, 3])], attributes: { size: 4, alpha: 0.9, bias: 2 } },
  ],
  MaxPoolGradient: [
    {
      inputs: [image, uniform([2, 4, 3, 3]), uniform([2, 4, 3, 3])],
      attributes: { kernelShape: [2, 2], strides: [2, 2] },
    },
    {
      inputs: [image, uniform([2, 4, 4, 3]), uniform([2, 4, 4, 3])],
      attributes: { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    },
    {
      inputs: [image, uniform([2, 4, 4, 3]), uniform([2, 4, 4, 3])],
      attributes: { kernelShape: [2, 2], strides: [2, 2], ceilMode: 1 },
    },
    {
      inputs: [ties, uniform([1, 1, 4, 4]), uniform([1, 1, 4, 4])],
      attributes: { kernelShape: [3, 3], pads: [1, 1, 1, 1] },
    },
    {
      inputs: [ties, uniform([1, 1, 2, 2]), uniform([1, 1, 2, 2])],
      attributes: { kernelShape: [2, 2], dilations: [2, 2] },
    },
  ],
  ReluGradient: [{ inputs: [uniform([2, 3]), fed(float32([2, 3], [0, 2, 0, 1, 0.5, 0]))], attributes: {} }],
  SoftmaxGradient: [
    { inputs: [image, image], attributes: {} },
    { inputs: [image, image], attributes: { axis: 1 } },
  ],
};

operatorContract(gradient, cases);
