import { float, int, ints, required, text } from './attribute-kind.ts';
import { convolution, pooling } from './window-attributes.ts';

/** The operator domain of gradients. ONNX has none of them: an engine has kernels for them, or they are lowered. */
const domain = 'lookalike';

/**
 * Gradients that an engine may compute better than the operators of ONNX do together. Reverse mode names them; whoever knows
 * no such operator is given what `lowerGradients` makes of them. Beside them FusedGelu, which networks write down as five nodes. `dY` is the gradient by the output of the operator that is
 * differentiated, `dX` the one by its input; all lengths are known.
 *
 * `imageShape` is the whole shape of the input that the gradient is of, [N, C, ...].
 */
export const gradientSchemas = {
  /** `mean` and `variance` are the batch's own (`trainingMode` 1), through which the gradient goes as well, or given numbers. */
  BatchNormalizationGradient: {
    inputs: ['dY', 'X', 'scale', 'mean', 'variance'],
    outputs: ['dX', 'dScale?', 'dB?'],
    domain,
    attributes: { epsilon: float(1e-5), trainingMode: int(0) },
  },
  AveragePoolGradient: {
    inputs: ['dY'],
    outputs: ['dX'],
    domain,
    attributes: { ...pooling(), countIncludePad: int(0), imageShape: required('ints') },
  },
  /** dY where X is Y, the result of Clip, so that its bounds left it as it was; else 0. */
  ClipGradient: { inputs: ['dY', 'X', 'Y'], outputs: ['dX'], domain, attributes: {} },
  ConvInputGradient: {
    inputs: ['dY', 'W'],
    outputs: ['dX'],
    domain,
    attributes: { ...convolution(), imageShape: required('ints') },
  },
  /** `kernelShape` has the spatial lengths of the weights. */
  ConvWeightGradient: {
    inputs: ['X', 'dY'],
    outputs: ['dW', 'dB?'],
    domain,
    attributes: { ...convolution(), kernelShape: required('ints') },
  },
  /** x (1 + erf(x / sqrt(2))) 0.5, or with `approximate` tanh in the place of erf; see `geluForm`. An engine names it where a graph has its nodes. */
  FusedGelu: { inputs: ['X'], outputs: ['Y'], domain, attributes: { approximate: text('none') } },
  /** Y is what the Gelu gave; X what it was of. */
  GeluGradient: {
    inputs: ['dY', 'X', 'Y'],
    outputs: ['dX'],
    domain,
    attributes: { approximate: text('none') },
  },
  GlobalAveragePoolGradient: {
    inputs: ['dY'],
    outputs: ['dX'],
    domain,
    attributes: { imageShape: required('ints') },
  },
  /** `scale` has the shape of X from `axis` on, or is broadcast to it; dScale and dB have its shape. */
  LayerNormalizationGradient: {
    inputs: ['dY', 'X', 'scale'],
    outputs: ['dX', 'dScale?', 'dB?'],
    domain,
    attributes: { axis: int(-1), epsilon: float(1e-5) },
  },
  LrnGradient: {
    inputs: ['dY', 'X'],
    outputs: ['dX'],
    domain,
    attributes: { alpha: float(0.0001), beta: float(0.75), bias: float(1), size: required('int') },
  },
  /** Of equal elements of a window the first in row-major order gets its gradient. */
  MaxPoolGradient: {
    inputs: ['X', 'Y', 'dY'],
    outputs: ['dX'],
    domain,
    attributes: { ...pooling(), dilations: ints([]) },
  },
  /** dY where Y is positive, 0 where it is 0; Y, the result of Relu, is nowhere negative. */
  ReluGradient: { inputs: ['dY', 'Y'], outputs: ['dX'], domain, attributes: {} },
  SoftmaxGradient: { inputs: ['dY', 'Y'], outputs: ['dX'], domain, attributes: { axis: int(-1) } },
} as const;
