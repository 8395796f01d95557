import type { Graph, OperatorNode, Value } from '../../graph/builder/graph.ts';
import { constantOf, producerOf } from '../../graph/builder/value.ts';
import { neededParts } from '../../graph/export/needed.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';

/** A convolution or dense layer that can work on bytes, with the pools and the ReLU that follow it alone. */
export interface QuantizableLayer {
  readonly node: OperatorNode<'Conv'> | OperatorNode<'Gemm'>;
  /** What the filters are applied to. */
  readonly input: Value;
  /** [filters, ...]. */
  readonly weight: Tensor;
  /** [filters]. */
  readonly bias: Tensor | undefined;
  /** Max-pools and ReLUs behind it, in order. Both keep what is larger, so bytes may go through them. */
  readonly followers: readonly OperatorNode[];
  /** What the last of them gives, or the layer itself. */
  readonly output: Value;
}

/**
 * The layers of a graph that can work on bytes: convolutions with constant weights, and dense layers with constant weights
 * and a ReLU. A dense layer without one gives an embedding or is the last step to it, whose rounding nothing behind it evens
 * out: it stays in floating point.
 */
export function quantizableLayers(graph: Graph): QuantizableLayer[] {
  // What an earlier rewriting has left behind runs nowhere.
  const { nodes } = neededParts(graph);
  const readers = new Map<Value, OperatorNode[]>();
  const isOutput = new Set(graph.outputs.values());
  for (const node of nodes) {
    // What a foreign node reads is left as it is: listing no reader for it ends the chain.
    if (node.kind === 'operator') {
      for (const input of node.inputs)
        if (input !== undefined) readers.set(input, [...(readers.get(input) ?? []), node]);
    } else {
      for (const input of node.inputs) if (input !== undefined) isOutput.add(input);
    }
  }
  const layers: QuantizableLayer[] = [];
  for (const node of nodes) {
    if (node.kind !== 'operator' || !isLayer(node)) continue;
    const [input, w, b] = node.inputs;
    const weight = constantOf(w);
    const bias = constantOf(b);
    if (input === undefined || input.type !== 'float32' || weight === undefined) continue;
    if (b !== undefined && (bias === undefined || bias.shape.length !== 1)) continue;
    const followers: OperatorNode[] = [];
    let output = node.outputs[0];
    for (;;) {
      const [next, ...others] = readers.get(output) ?? [];
      if (next === undefined || others.length > 0 || isOutput.has(output) || !isFollower(next)) break;
      followers.push(next);
      output = next.outputs[0];
    }
    if (node.op === 'Gemm' && !followers.some(({ op }) => op === 'Relu')) continue;
    layers.push({ node, input, weight, bias, followers, output });
  }
  return layers;
}

/**
 * The value whose elements a value has, in another shape at most: what a chain of Flatten, Reshape and the like starts from.
 */
export function withoutReshaping(value: Value): Value {
  const node = producerOf(value);
  const moves = ['Flatten', 'Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'];
  if (node?.kind !== 'operator' || !moves.includes(node.op) || node.inputs[0] === undefined) return value;
  return withoutReshaping(node.inputs[0]);
}

function isLayer(node: OperatorNode): node is OperatorNode<'Conv'> | OperatorNode<'Gemm'> {
  if (node.op === 'Conv') return true;
  if (node.op !== 'Gemm') return false;
  const { alpha, beta, transA, transB } = (node as OperatorNode<'Gemm'>).attributes;
  return alpha === 1 && beta === 1 && transA === 0 && transB === 1;
}

function isFollower(node: OperatorNode): boolean {
  return node.op === 'Relu' || (node.op === 'MaxPool' && node.outputs.length === 1);
}
