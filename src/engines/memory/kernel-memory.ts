import type { Node, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { bytesPerElement } from '../../graph/tensor/element-type.ts';
import { sizeOf, staticShape } from '../../graph/tensor/shape.ts';

// What onnxruntime's CPU kernels do with memory, as its `session.collect_node_memory_stats_to_file` reports it.

/** Operators whose result is their first input's memory under another shape. */
export const viewOperators: ReadonlySet<string> = new Set(['Flatten', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

/** Operators that write over their first input if nothing else needs it. (Add and Mul are not among them.) */
export const inPlaceOperators: ReadonlySet<string> = new Set([
  'Cast',
  'Clip',
  'Elu',
  'HardSigmoid',
  'LeakyRelu',
  'LogSoftmax',
  'Relu',
  'ScatterElements',
  'Sigmoid',
  'Softmax',
  'Softplus',
  'Tanh',
]);

/** Bytes that a value takes. @throws if its shape is not known in advance, naming it. */
export function bytesOf(value: Value): number {
  return sizeOf(staticShape(value.shape, `the memory of '${value.name}'`)) * bytesPerElement[value.type];
}

/** Bytes that a node's kernel takes while it runs, beside its inputs and outputs. Foreign operators count as none. */
export function scratchBytes(node: Node): number {
  if (node.kind === 'opaque') return 0;
  switch (node.op) {
    case 'Conv':
      return convolutionScratch(node);
    case 'ConvTranspose':
      return transposedConvolutionScratch(node);
    case 'LRN':
      return localResponseScratch(node as OperatorNode<'LRN'>);
    case 'Where':
      // Both branches with the places of the other one zero, before they are added.
      return 2 * bytesOf(node.outputs[0]);
    default:
      return 0;
  }
}

/** 64 KiB of the unfolded image for each of two threads; the whole of it where there are more filters than positions. */
function convolutionScratch({ inputs, outputs, attributes }: OperatorNode): number {
  const [filters, channels, ...kernel] = shapeOf(inputs[1]!);
  const positions = sizeOf(shapeOf(outputs[0]).slice(2));
  const { group } = attributes as OperatorNode<'Conv'>['attributes'];
  return filters / group > positions ? 4 * positions * channels * sizeOf(kernel) : 2 * 65536;
}

/** The unfolded result of one image. */
function transposedConvolutionScratch({ inputs }: OperatorNode): number {
  const [, channels, ...kernel] = shapeOf(inputs[1]!);
  return 4 * channels * sizeOf(kernel) * sizeOf(shapeOf(inputs[0]!).slice(2));
}

/** The scale of every element, and the squares of one image between zeros. */
function localResponseScratch({ inputs, attributes }: OperatorNode<'LRN'>): number {
  const [, channels, ...positions] = shapeOf(inputs[0]!);
  return bytesOf(inputs[0]!) + 4 * (channels + attributes.size - 1) * sizeOf(positions);
}

function shapeOf(value: Value): readonly number[] {
  return staticShape(value.shape, `the memory of '${value.name}'`);
}
