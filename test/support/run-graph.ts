import type { Graph } from '../../src/graph/builder/graph.ts';
import type { Tensor } from '../../src/graph/tensor/tensor.ts';
import { ReferenceEngine } from '../oracles/reference/reference-engine.ts';

/** Runs a graph once on the float64 reference interpreter and returns its outputs. */
export async function runGraph(graph: Graph, feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
  const engine = new ReferenceEngine();
  const program = await engine.compile(graph);
  return program.run(feeds);
}
