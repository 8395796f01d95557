import type { Graph, Value } from '../../graph/builder/graph.ts';
import { sizeOf, staticShape } from '../../graph/tensor/shape.ts';

/**
 * Multiply-adds of a graph's convolutions and matrix products, everything else left out: what its speed is counted in. A
 * training step has three times as many as the network alone: forward, gradient by the inputs, gradient by the weights.
 */
export function multiplyAdds(graph: Graph): number {
  let total = 0;
  for (const node of graph.nodes) {
    if (node.kind !== 'operator') continue;
    const [first, second] = node.inputs;
    const [result] = node.outputs;
    if (first === undefined || second === undefined) continue;
    if (node.op === 'Conv') total += elements(result) * (elements(second) / Number(second.shape[0]));
    if (node.op === 'Gemm') total += elements(result) * (elements(second) / Number(result.shape[1]));
    if (node.op === 'MatMul') total += elements(result) * Number(first.shape.at(-1));
  }
  return total;
}

const elements = (value: Value): number => sizeOf(staticShape(value.shape, `counting the work of '${value.name}'`));
