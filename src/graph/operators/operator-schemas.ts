import { float, int, ints, optional, required, text } from './attribute-kind.ts';
import { gradientSchemas } from './gradient-schemas.ts';
import { convolution, pooling } from './window-attributes.ts';

/**
 * The closed set of operators that lookalike builds, infers, differentiates and interprets, in the words of the ONNX
 * specification (opset 18; AffineGrid is of opset 20). Shape rules, gradient rules and the reference interpreter are
 * total tables over these names: adding a row here does not compile until all three know it.
 *
 * `inputs` names the inputs in order: `?` ends an optional one, `*` one that may repeat. `outputs` likewise.
 * Attribute names are ONNX's in camelCase. Attributes that ONNX fills from the input (strides of a convolution) are
 * always written out by our builders; an importer fills them in.
 *
 * Source: https://onnx.ai/onnx/operators, and for `com.microsoft` onnxruntime's ContribOperators.md.
 */
export const operatorSchemas = {
  // Element-wise, one input
  Abs: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Cast: { inputs: ['input'], outputs: ['output'], attributes: { to: required('elementType') } },
  Ceil: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Clip: { inputs: ['input', 'min?', 'max?'], outputs: ['output'], attributes: {} },
  Elu: { inputs: ['X'], outputs: ['Y'], attributes: { alpha: float(1) } },
  Erf: { inputs: ['input'], outputs: ['output'], attributes: {} },
  Exp: { inputs: ['input'], outputs: ['output'], attributes: {} },
  Floor: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  HardSigmoid: { inputs: ['X'], outputs: ['Y'], attributes: { alpha: float(0.2), beta: float(0.5) } },
  HardSwish: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Identity: { inputs: ['input'], outputs: ['output'], attributes: {} },
  LeakyRelu: { inputs: ['X'], outputs: ['Y'], attributes: { alpha: float(0.01) } },
  Log: { inputs: ['input'], outputs: ['output'], attributes: {} },
  Neg: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Not: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Reciprocal: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Relu: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Sigmoid: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Sign: { inputs: ['input'], outputs: ['output'], attributes: {} },
  Softplus: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Sqrt: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  Tanh: { inputs: ['input'], outputs: ['output'], attributes: {} },

  // Quantisation
  DequantizeLinear: {
    inputs: ['x', 'x_scale', 'x_zero_point?'],
    outputs: ['y'],
    attributes: { axis: int(1) },
  },
  QuantizeLinear: {
    inputs: ['x', 'y_scale', 'y_zero_point?'],
    outputs: ['y'],
    attributes: { axis: int(1) },
  },

  // Element-wise, several inputs, broadcast
  Add: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  And: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Div: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Equal: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Greater: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  GreaterOrEqual: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Less: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  LessOrEqual: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Max: { inputs: ['data*'], outputs: ['max'], attributes: {} },
  Min: { inputs: ['data*'], outputs: ['min'], attributes: {} },
  Mul: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Or: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Pow: { inputs: ['X', 'Y'], outputs: ['Z'], attributes: {} },
  PRelu: { inputs: ['X', 'slope'], outputs: ['Y'], attributes: {} },
  Sub: { inputs: ['A', 'B'], outputs: ['C'], attributes: {} },
  Sum: { inputs: ['data*'], outputs: ['sum'], attributes: {} },
  Where: { inputs: ['condition', 'X', 'Y'], outputs: ['output'], attributes: {} },

  // Reductions
  ArgMax: {
    inputs: ['data'],
    outputs: ['reduced'],
    attributes: { axis: int(0), keepdims: int(1), selectLastIndex: int(0) },
  },
  LogSoftmax: { inputs: ['input'], outputs: ['output'], attributes: { axis: int(-1) } },
  ReduceLogSumExp: reduction(),
  ReduceMax: reduction(),
  ReduceMean: reduction(),
  ReduceMin: reduction(),
  ReduceSum: reduction(),
  Softmax: { inputs: ['input'], outputs: ['output'], attributes: { axis: int(-1) } },
  TopK: {
    inputs: ['X', 'K'],
    outputs: ['Values', 'Indices'],
    attributes: { axis: int(-1), largest: int(1), sorted: int(1) },
  },

  // Movement
  Concat: { inputs: ['inputs*'], outputs: ['concat_result'], attributes: { axis: required('int') } },
  ConstantOfShape: { inputs: ['input'], outputs: ['output'], attributes: { value: float(0) } },
  Expand: { inputs: ['input', 'shape'], outputs: ['output'], attributes: {} },
  Flatten: { inputs: ['input'], outputs: ['output'], attributes: { axis: int(1) } },
  Gather: { inputs: ['data', 'indices'], outputs: ['output'], attributes: { axis: int(0) } },
  GatherElements: { inputs: ['data', 'indices'], outputs: ['output'], attributes: { axis: int(0) } },
  Pad: {
    inputs: ['data', 'pads', 'constant_value?', 'axes?'],
    outputs: ['output'],
    attributes: { mode: text('constant') },
  },
  Range: { inputs: ['start', 'limit', 'delta'], outputs: ['output'], attributes: {} },
  Reshape: { inputs: ['data', 'shape'], outputs: ['reshaped'], attributes: { allowzero: int(0) } },
  ScatterElements: {
    inputs: ['data', 'indices', 'updates'],
    outputs: ['output'],
    attributes: { axis: int(0), reduction: text('none') },
  },
  Shape: { inputs: ['data'], outputs: ['shape'], attributes: { start: int(0), end: optional('int') } },
  Slice: { inputs: ['data', 'starts', 'ends', 'axes?', 'steps?'], outputs: ['output'], attributes: {} },
  Split: {
    inputs: ['input', 'split?'],
    outputs: ['outputs*'],
    attributes: { axis: int(0), numOutputs: optional('int') },
  },
  Squeeze: { inputs: ['data', 'axes?'], outputs: ['squeezed'], attributes: {} },
  Tile: { inputs: ['input', 'repeats'], outputs: ['output'], attributes: {} },
  Transpose: { inputs: ['data'], outputs: ['transposed'], attributes: { perm: optional('ints') } },
  Unsqueeze: { inputs: ['data', 'axes'], outputs: ['expanded'], attributes: {} },

  // Linear
  Conv: { inputs: ['X', 'W', 'B?'], outputs: ['Y'], attributes: convolution() },
  ConvTranspose: {
    inputs: ['X', 'W', 'B?'],
    outputs: ['Y'],
    attributes: { ...convolution(), outputPadding: ints([]) },
  },
  FusedMatMul: {
    inputs: ['A', 'B'],
    outputs: ['Y'],
    domain: 'com.microsoft',
    attributes: { transA: int(0), transB: int(0), transBatchA: int(0), transBatchB: int(0), alpha: float(1) },
  },
  Gemm: {
    inputs: ['A', 'B', 'C?'],
    outputs: ['Y'],
    attributes: { alpha: float(1), beta: float(1), transA: int(0), transB: int(0) },
  },
  MatMul: { inputs: ['A', 'B'], outputs: ['Y'], attributes: {} },

  // Pooling
  AveragePool: {
    inputs: ['X'],
    outputs: ['Y'],
    attributes: { ...pooling(), countIncludePad: int(0) },
  },
  GlobalAveragePool: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  GlobalMaxPool: { inputs: ['X'], outputs: ['Y'], attributes: {} },
  MaxPool: {
    inputs: ['X'],
    outputs: ['Y', 'Indices?'],
    attributes: { ...pooling(), dilations: ints([]), storageOrder: int(0) },
  },
  MaxUnpool: {
    inputs: ['X', 'I', 'output_shape?'],
    outputs: ['output'],
    attributes: { kernelShape: required('ints'), pads: ints([]), strides: ints([]) },
  },

  // Normalisation
  BatchNormalization: {
    inputs: ['X', 'scale', 'B', 'input_mean', 'input_var'],
    outputs: ['Y', 'running_mean?', 'running_var?'],
    attributes: { epsilon: float(1e-5), momentum: float(0.9), trainingMode: int(0) },
  },
  Dropout: {
    inputs: ['data', 'ratio?', 'training_mode?'],
    outputs: ['output', 'mask?'],
    attributes: { seed: optional('int') },
  },
  InstanceNormalization: {
    inputs: ['input', 'scale', 'B'],
    outputs: ['output'],
    attributes: { epsilon: float(1e-5) },
  },
  LayerNormalization: {
    inputs: ['X', 'Scale', 'B?'],
    outputs: ['Y', 'Mean?', 'InvStdDev?'],
    attributes: { axis: int(-1), epsilon: float(1e-5), stashType: int(1) },
  },
  LpNormalization: { inputs: ['input'], outputs: ['output'], attributes: { axis: int(-1), p: int(2) } },
  LRN: {
    inputs: ['X'],
    outputs: ['Y'],
    attributes: { alpha: float(0.0001), beta: float(0.75), bias: float(1), size: required('int') },
  },

  // Sampling
  AffineGrid: { inputs: ['theta', 'size'], outputs: ['grid'], attributes: { alignCorners: int(0) } },
  GridSample: {
    inputs: ['X', 'grid'],
    outputs: ['Y'],
    attributes: { alignCorners: int(0), mode: text('linear'), paddingMode: text('zeros') },
  },
  Resize: {
    inputs: ['X', 'roi?', 'scales?', 'sizes?'],
    outputs: ['Y'],
    attributes: {
      antialias: int(0),
      coordinateTransformationMode: text('half_pixel'),
      cubicCoeffA: float(-0.75),
      excludeOutside: int(0),
      extrapolationValue: float(0),
      mode: text('nearest'),
      nearestMode: text('round_prefer_floor'),
    },
  },

  ...gradientSchemas,
} as const;

/** A reduction over the axes named by a second, constant input; over all axes if there is none. */
function reduction() {
  return {
    inputs: ['data', 'axes?'],
    outputs: ['reduced'],
    attributes: { keepdims: int(1), noopWithEmptyAxes: int(0) },
  } as const;
}
