import type { Node, OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { isStatic, sameShape, sizeOf } from '../../../graph/tensor/shape.ts';
import { activationOf, clipBehind } from '../lowering/activation.ts';
import { binaryAlgorithms, isByElement, isLoop, isNumber } from '../lowering/elementwise-chain.ts';
import { isLineNormalization } from '../lowering/layer-normalization.ts';
import { loweringTable } from '../lowering/lowering-table.ts';
import { isStackByMatrix, productOf, productWork } from '../lowering/matrix-product.ts';
import { firstPlaces, movingOperators, viewOperators, zeroPads } from '../lowering/movement.ts';
import { leadingAxes } from '../lowering/row-sum.ts';
import { convolutionWork } from '../lowering/window.ts';

/** From when on something is worth being given to oneDNN. */
export interface Thresholds {
  /** Elements of an elementwise operator's result; with 0 it is oneDNN's wherever it stands. */
  readonly elements: number;
  /** Floating-point operations of one product of matrices. */
  readonly productWork: number;
  /** Floating-point operations of a stretch, which crosses to the other engine and back. */
  readonly stretchWork: number;
}

/** Below these, crossing between the engines takes longer than what is gained. */
export const usualThresholds: Thresholds = { elements: 8192, productWork: 2 ** 24, stretchWork: 2 ** 27 };

/**
 * How a node may run: in oneDNN, in the other engine, between nodes of oneDNN's if it has such (elementwise work is not worth
 * a crossing), behind one of oneDNN's, for it makes little of much, wherever its input is made, for it only changes a shape, or
 * there if oneDNN goes on with it, for it moves elements.
 */
export type Suitability = 'onednn' | 'foreign' | 'between' | 'behind' | 'either' | 'moved';

/** Most axes of a tensor that oneDNN is given. */
const mostAxes = 5;

/** Whether oneDNN has a node, with these attributes, on tensors of this size. @param isRead whether anything reads a value. */
export function suitability(
  node: Node,
  { elements, productWork: leastWork }: Thresholds,
  isRead: (value: Value) => boolean,
): Suitability {
  if (node.kind === 'opaque' || !loweringTable.has(node.op) || node.op === 'Sqrt') return 'foreign';
  const [result] = node.outputs;
  // A max-pool's places are whole numbers, which are not looked at where nobody reads them.
  const results = node.op === 'MaxPool' ? [result] : node.outputs;
  const tensors = [...node.inputs, ...results].filter((value) => value !== undefined);
  const shaping = viewOperators.has(node.op) || movingOperators.has(node.op);
  const first = [node.inputs[0]!, ...node.outputs];
  const data = (shaping && node.op !== 'Concat') || ['Clip', 'Pad', 'ReduceSum'].includes(node.op) ? first : tensors;
  if (!data.every((value) => isOurs(value) || (isElementwise(node.op) && isOneNumber(value)))) return 'foreign';
  if (node.op === 'Slice' && firstPlaces(node) === undefined) return 'foreign';
  if (shaping) return viewOperators.has(node.op) || node.op === 'Transpose' ? 'either' : 'moved';
  if (isProduct(node.op)) return isOurProduct(node) && productWork(node) >= leastWork ? 'onednn' : 'foreign';
  if (!fits(node, isRead)) return 'foreign';
  if (!isElementwise(node.op)) return 'onednn';
  if (elements === 0) return 'onednn';
  const most = Math.max(...data.map(({ shape }) => sizeOf(shape.map(Number))));
  if (most < elements) return 'foreign';
  return node.op === 'ReduceSum' ? 'behind' : 'between';
}

/** Operators of a loop over elements, and nothing else. */
const isLoopOperator = (op: string): boolean => op === 'Sqrt' || Object.hasOwn(binaryAlgorithms, op);

/**
 * True of a node that is a loop over a large tensor's elements, alone or with those of another one or a single number: worth oneDNN's
 * time among many such, though no convolution or product is near.
 */
export function isLargeLoop(node: Node, { elements }: Thresholds): node is OperatorNode {
  if (node.kind === 'opaque' || !isLoopOperator(node.op)) return false;
  const [result] = node.outputs;
  const numbers = node.inputs.filter((value) => value !== undefined && isNumber(value)) as Value[];
  const tensors = [...node.inputs, result].filter((value) => value !== undefined && !isNumber(value)) as Value[];
  if (!numbers.every(({ type }) => type === 'float32') || !tensors.every(isOurs)) return false;
  return isOurs(result) && sizeOf(result.shape.map(Number)) >= elements && (node.op === 'Sqrt' || isLoop(node));
}

/** What a loop over so many elements, which memory is slow for, is worth in floating-point operations of a product. */
const workOfElement = 32;

/** The floating-point operations that take as long as a large loop. */
export const workOfLoop = ({ outputs: [result] }: Node): number => workOfElement * sizeOf(result.shape.map(Number));

/** Floating-point operations of convolutions and products; of anything else 0, as it goes along with them. */
export function workOf(node: OperatorNode): number {
  const shapes = (value: Value | undefined) => (value?.shape ?? []).map(Number);
  const [first, second] = node.inputs;
  const [result] = node.outputs;
  switch (node.op) {
    case 'Conv':
      return convolutionWork(shapes(second), shapes(result));
    case 'ConvInputGradient':
      return convolutionWork(shapes(second), shapes(first));
    case 'ConvWeightGradient':
      return convolutionWork(shapes(result), shapes(second));
    default:
      return isProduct(node.op) ? productWork(node) : 0;
  }
}

function isOurs({ type, shape }: Value): boolean {
  return type === 'float32' && shape.length > 0 && shape.length <= mostAxes && isStatic(shape) && sizeOf(shape) > 0;
}

const isOneNumber = (value: Value): boolean => value.type === 'float32' && isNumber(value);

const isProduct = (op: string): boolean => ['FusedMatMul', 'Gemm', 'MatMul'].includes(op);
const isElementwise = (op: string): boolean => loopsOverElements.has(op) || Object.hasOwn(binaryAlgorithms, op);

/** Operators that go over a tensor once or twice, beside those of two tensors. */
const loopsOverElements: ReadonlySet<string> = new Set([
  'Clip',
  'ClipGradient',
  'FusedGelu',
  'GeluGradient',
  'LayerNormalization',
  'LayerNormalizationGradient',
  'Pad',
  'ReduceSum',
  'Relu',
  'ReluGradient',
  'Softmax',
  'SoftmaxGradient',
  'Sum',
]);

function isOurProduct(node: OperatorNode): boolean {
  const [a, b] = node.inputs;
  const stacks = [a, b].map((value) => value!.shape.slice(0, -2));
  return (
    a!.shape.length >= 2 &&
    b!.shape.length >= 2 &&
    productOf(node) !== undefined &&
    (sameShape(stacks[0], stacks[1]) || isStackByMatrix(node))
  );
}

/** The conditions of single operators. */
function fits(node: OperatorNode, isRead: (value: Value) => boolean): boolean {
  const [first] = node.inputs;
  if (Object.hasOwn(binaryAlgorithms, node.op)) return isByElement(node);
  if (node.op === 'Sum')
    return node.inputs.length > 1 && node.inputs.every((value) => sameShape(value!.shape, first!.shape));
  if (node.op === 'ReduceSum') return leadingAxes(node) > 0;
  if (node.op === 'Pad') return zeroPads(node) !== undefined;
  if (node.op.startsWith('LayerNormalization')) return isLineNormalization(node);
  if (node.op === 'Clip') return activationOf(node) !== undefined;
  if (node.op === 'ClipGradient') return clipBehind(node) !== undefined;
  if (isElementwise(node.op)) return true;
  if (first!.shape.length !== 4) return false;
  if (node.op.startsWith('BatchNormalization')) return isOurNormalization(node);
  if (node.op.startsWith('MaxPool') || node.op.startsWith('AveragePool')) return isOurPool(node, isRead);
  return true;
}

/** What is normalised by the batch takes the batch's own statistics: running ones are averaged by nodes of their own. */
function isOurNormalization(node: OperatorNode): boolean {
  if (node.op !== 'BatchNormalization') return true;
  const { trainingMode, momentum } = node.attributes as OperatorAttributes<'BatchNormalization'>;
  return trainingMode === 0 ? node.outputs.length === 1 : momentum === 0;
}

/** Pools of which nobody wants the places of the largest, without holes, and without pads that count. */
function isOurPool(node: OperatorNode, isRead: (value: Value) => boolean): boolean {
  const { countIncludePad = 0, dilations = [] } = node.attributes as {
    readonly countIncludePad?: number;
    readonly dilations?: readonly number[];
  };
  const [, places] = node.outputs;
  return (
    (places === undefined || !isRead(places)) && countIncludePad === 0 && dilations.every((dilation) => dilation === 1)
  );
}
