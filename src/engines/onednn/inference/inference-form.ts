import type { Graph, Node } from '../../../graph/builder/graph.ts';
import type { Engine } from '../../engine.ts';
import { foldConstants } from './fold-constants.ts';
import { foldNormalizations } from './fold-normalization.ts';

/**
 * A graph as oneDNN is best given it where nothing is trained: constant parts computed, batch normalisations in the weights
 * before them. onnxruntime does the same by itself, but for its own parts alone.
 *
 * @param engine computes constants.
 */
export async function inferenceForm(graph: Graph, engine: Engine): Promise<Graph> {
  return foldNormalizations(await foldConstants(graph, engine));
}

/** True of a network whose layers work on bytes, which onnxruntime has kernels for and oneDNN, as it is called here, has not. */
export function worksOnBytes({ nodes }: Graph): boolean {
  return nodes.some(quantizes);
}

function quantizes(node: Node): boolean {
  const [x] = node.inputs;
  return node.op === 'QuantizeLinear' && x?.origin.kind !== 'constant';
}
