// What a program may import from 'deep-lookalike/graph': tensors, graphs of ONNX operators, their derivatives, files, and what runs them.

export type { GraphInput } from './engines/check-feeds.ts';
export type { CompileOptions, Engine, HeldTensor, Placement, Program, RunOptions } from './engines/engine.ts';
export type { Precision } from './engines/onednn/onednn-settings.ts';
export { OnnxruntimeEngine, type OnnxruntimeTensor } from './engines/onnxruntime/onnxruntime-engine.ts';
export type { OnnxruntimeSettings } from './engines/onnxruntime/onnxruntime-settings.ts';
export { WorkerEngine } from './engines/worker/worker-engine.ts';
export type { WorkerEngineSettings } from './engines/worker/worker-settings.ts';
export { EngineError } from './foundation/errors/engine-error.ts';
export { FileError } from './foundation/errors/file-error.ts';
export { GraphError } from './foundation/errors/graph-error.ts';
export { InternalError } from './foundation/errors/internal-error.ts';
export { type ErrorCode, LookalikeError } from './foundation/errors/lookalike-error.ts';
export { type BackwardOptions, backward } from './graph/autodiff/backward.ts';
export { copyNode } from './graph/builder/copy-node.ts';
export {
  Graph,
  type Node,
  type OpaqueNode,
  type OperatorNode,
  type Origin,
  type Value,
} from './graph/builder/graph.ts';
export {
  abs,
  add,
  and,
  averagePool,
  cast,
  ceil,
  clip,
  concat,
  conv,
  convTranspose,
  div,
  equal,
  erf,
  exp,
  expand,
  flatten,
  floor,
  fusedMatMul,
  gather,
  gemm,
  globalAveragePool,
  globalMaxPool,
  greater,
  greaterOrEqual,
  hardSwish,
  identity,
  indicator,
  int64,
  l2Normalize,
  lengthOf,
  less,
  lessOrEqual,
  log,
  logSoftmax,
  matMul,
  max,
  maxPool,
  min,
  mul,
  neg,
  not,
  type Operand,
  or,
  pad,
  pow,
  reciprocal,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  relu,
  reshape,
  scalar,
  shapesEqual,
  sigmoid,
  sign,
  slice,
  softmax,
  softplus,
  sqrt,
  squeeze,
  sub,
  tanh,
  transpose,
  unsqueeze,
  where,
  zeros,
} from './graph/builder/operations.ts';
export { constantOf, producerOf } from './graph/builder/value.ts';
export { type ExportOptions, exportModel } from './graph/export/export-model.ts';
export type { OpenedBatch } from './graph/import/batch-axis.ts';
export type { ImportOptions } from './graph/import/file-reader.ts';
export { importModel } from './graph/import/import-model.ts';
export type { ChooseConvWeightForm, ConvWeightForm } from './graph/lowering/conv-weight-form.ts';
export type { ConvolutionGeometry } from './graph/lowering/convolution-geometry.ts';
export { lowerGradients } from './graph/lowering/lower-gradients.ts';
export type { UnfoldingOptions } from './graph/lowering/unfold-gradient.ts';
export type { AttributeValues } from './graph/operators/attribute-kind.ts';
export type {
  AttributesToGive,
  OperatorAttributes,
  OperatorName,
  OptionalNames,
  RequiredNames,
  Schemas,
  ValueOf,
} from './graph/operators/operator.ts';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
} from './graph/safetensors/safetensors.ts';
export type { ValueType } from './graph/shape-inference/rule.ts';
export type { ElementArrays, ElementType } from './graph/tensor/element-type.ts';
export type { Dimension, Shape, StaticShape } from './graph/tensor/shape.ts';
export {
  copyTensor,
  float32,
  int64Vector,
  type Tensor,
  type TensorOf,
  tensor,
  toNumbers,
} from './graph/tensor/tensor.ts';
