import { backward } from '../../graph/autodiff/backward.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { mul, reduceSum } from '../../graph/builder/operations.ts';
import { copyGraph, type Replacement } from '../../graph/builder/rewrite-graph.ts';
import { importDecoded } from '../../graph/import/import-model.ts';
import { embeddingOutput, imageInput } from '../embedding/fixed-batches.ts';
import type { ModelFile } from '../embedding/model-file.ts';
import { lastFeatureMaps } from './feature-maps.ts';
import { linearTail, pathName, withFixedLengths } from './linear-tail.ts';

/** A graph that says of one picture what in it makes it like another. */
export interface ExplanationGraph {
  /**
   * Inputs: `image`, uint8 [1, H, W, 3], and `other`, float32 [1, D], the embedding of the other picture. Outputs:
   * `map<m>` and `slope<m>`, [1, channels, h, w], for each last feature map, `path<k>`, a number for each path.
   */
  readonly graph: Graph;
  readonly maps: number;
  /** Names of the paths, in order; two of the same name are parts of one. */
  readonly paths: readonly string[];
}

/** The input with the embedding of the other picture. */
export const otherInput = 'other';

/**
 * A second graph beside a model's, for one picture a and the embedding f(b) of another.
 *
 * Slopes: `ds/dA` at each last feature map A, with `s = <f(a), f(b)>`. The squared Euclidean distance of unit vectors is `2 - 2 s`,
 * so they are minus half of those of D.
 * Paths: `<W_k a_k, f(b)> / |u|`, u being the embedding before it is divided by its length: `a_k ds/da_k` with lengths held.
 */
export function explanationGraph(model: ModelFile): ExplanationGraph {
  const source = importDecoded(model.decoded);
  const graph = new Graph();
  const { height, width } = model.metadata.preprocessing;
  const image = graph.input(imageInput, 'uint8', [1, height, width, 3]);
  const other = graph.input(otherInput, 'float32', [1, model.metadata.dimension]);
  const embeddingOf = (copies: Map<Value, Value>, replace?: Replacement) => {
    copies.set(source.inputs[0], image);
    copyGraph(source, graph, copies, replace);
    return copies.get(source.outputs.get(embeddingOutput)!)!;
  };
  const likeness = (embedding: Value) => reduceSum(mul(embedding, other), [0, 1], false);

  const embedding = embeddingOf(new Map<Value, Value>());
  const maps = lastFeatureMaps(graph, embedding);
  for (const [m, slope] of backward(likeness(embedding), maps, { unreached: 'zero' }).entries()) {
    graph.output(`map${m}`, maps[m]);
    graph.output(`slope${m}`, slope);
  }

  const tail = linearTail(source.outputs.get(embeddingOutput)!);
  const copies = new Map<Value, Value>();
  const linearised = embeddingOf(copies, withFixedLengths(tail));
  const leaves = tail.leaves.map((leaf) => copies.get(leaf)!);
  for (const [k, slope] of backward(likeness(linearised), leaves).entries()) {
    graph.output(`path${k}`, reduceSum(mul(leaves[k], slope)));
  }
  return { graph, maps: maps.length, paths: tail.leaves.map(pathName) };
}
