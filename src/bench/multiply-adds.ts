import type { Graph } from '../graph/graph.ts';
import type { Value } from '../graph/value.ts';
import { sizeOf, staticShape } from '../tensor/shape.ts';

/**
 * Multiply-adds of a graph's convolutions and matrix products, everything else left out: what its speed is counted in. A
 * training step has three times as many as the network alone: forward, gradient by the inputs, gradient by the weights.
 */
export function multiplyAdds(graph: Graph): number {
  let total = 0;
  for (const node of graph.nodes) {
    if (node.kind !== 'operator') continue;
    const [, second] = node.inputs;
    const [result] = node.outputs;
    if (second === undefined) continue;
    if (node.op === 'Conv') total += elements(result) * (elements(second) / Number(second.shape[0]));
    if (node.op === 'Gemm' || node.op === 'MatMul') {
      const [columns] = result.shape.slice(-1);
      total += elements(result) * (elements(second) / Number(columns));
    }
  }
  return total;
}

const elements = (value: Value): number => sizeOf(staticShape(value.shape, `counting the work of '${value.name}'`));
