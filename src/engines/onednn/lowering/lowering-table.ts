import type { OperatorNode } from '../../../graph/builder/graph.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { lowerConvolution, lowerConvolutionInputGradient, lowerConvolutionWeightGradient } from './convolution.ts';
import {
  lowerActivation,
  lowerBinary,
  lowerClipGradient,
  lowerGeluGradient,
  lowerReluGradient,
  lowerSum,
} from './elementwise.ts';
import { lowerLayerNormalization, lowerLayerNormalizationGradient } from './layer-normalization.ts';
import { lowerMatrixProduct } from './matrix-product.ts';
import { lowerConcat, lowerPad, lowerSlice, lowerSplit, lowerTranspose, lowerView } from './movement.ts';
import {
  lowerBatchNormalization,
  lowerBatchNormalizationGradient,
  lowerLocalResponse,
  lowerLocalResponseGradient,
} from './normalization.ts';
import { lowerAveragePoolGradient, lowerMaxPoolGradient, lowerPool } from './pooling.ts';
import { lowerRowSum } from './row-sum.ts';
import { lowerSoftmax, lowerSoftmaxGradient } from './softmax.ts';

/** Appends the primitives of a node to a plan. @throws OneDnnRefusal or KernelRefusal where oneDNN has none, or none that is fast. */
export type Lowering = (plan: PlanBuilder, node: OperatorNode) => void;

const binary: Lowering = lowerBinary;
const view: Lowering = lowerView;
const product: Lowering = lowerMatrixProduct;

/** How each operator becomes primitives; the other engine has the operators that are not here. */
export const loweringTable: ReadonlyMap<string, Lowering> = new Map<string, Lowering>([
  ['Add', binary],
  ['AveragePool', lowerPool],
  ['AveragePoolGradient', lowerAveragePoolGradient],
  ['BatchNormalization', lowerBatchNormalization as Lowering],
  ['BatchNormalizationGradient', lowerBatchNormalizationGradient],
  ['Clip', lowerActivation],
  ['ClipGradient', lowerClipGradient],
  ['Concat', lowerConcat],
  ['Conv', lowerConvolution as Lowering],
  ['ConvInputGradient', lowerConvolutionInputGradient],
  ['ConvWeightGradient', lowerConvolutionWeightGradient],
  ['Div', binary],
  ['Flatten', view],
  ['FusedGelu', lowerActivation],
  ['FusedMatMul', product],
  ['GeluGradient', lowerGeluGradient],
  ['Gemm', product],
  ['GlobalAveragePool', lowerPool],
  ['GlobalAveragePoolGradient', lowerAveragePoolGradient],
  ['Identity', view],
  ['LayerNormalization', lowerLayerNormalization],
  ['LayerNormalizationGradient', lowerLayerNormalizationGradient],
  ['LRN', lowerLocalResponse as Lowering],
  ['LrnGradient', lowerLocalResponseGradient],
  ['MatMul', product],
  ['MaxPool', lowerPool],
  ['MaxPoolGradient', lowerMaxPoolGradient],
  ['Mul', binary],
  ['ReduceSum', lowerRowSum],
  ['Pad', lowerPad],
  ['Relu', lowerActivation],
  ['ReluGradient', lowerReluGradient],
  ['Reshape', view],
  ['Slice', lowerSlice],
  ['Softmax', lowerSoftmax],
  ['SoftmaxGradient', lowerSoftmaxGradient],
  ['Split', lowerSplit],
  ['Sqrt', lowerActivation],
  ['Squeeze', view],
  ['Sub', binary],
  ['Sum', lowerSum],
  ['Transpose', lowerTranspose],
  ['Unsqueeze', view],
]);
