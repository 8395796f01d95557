import type { Graph, Node, OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { rewriteGraph } from '../../../graph/builder/rewrite-graph.ts';
import { constantOf, producerOf } from '../../../graph/builder/value.ts';
import { float32, type Tensor } from '../../../graph/tensor/tensor.ts';

/** A convolution and the batch normalisation behind it, with what both know beforehand. */
interface Folding {
  readonly conv: OperatorNode<'Conv'>;
  readonly weights: Tensor;
  readonly bias: Float32Array | undefined;
  /** `scale / sqrt(variance + epsilon)`, one a filter. */
  readonly factors: Float64Array;
  readonly mean: Float32Array;
  readonly shift: Float32Array;
}

/**
 * A graph whose batch normalisations by given statistics are in the weights of the convolutions before them, where nothing
 * else reads these: `W' = W k` and `b' = (b - mean) k + shift` with `k = scale / sqrt(variance + epsilon)`.
 */
export function foldNormalizations(graph: Graph): Graph {
  const uses = new Map<Value | undefined, number>();
  for (const value of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.values()])
    uses.set(value, (uses.get(value) ?? 0) + 1);
  const foldings = new Map<Node, Folding>();
  for (const node of graph.nodes) {
    const folding = foldingOf(node, uses);
    if (folding !== undefined) foldings.set(node, folding);
  }
  if (foldings.size === 0) return graph;
  const copies = new Map<Value, Value>();
  return rewriteGraph(
    graph,
    (node, _inputs, target) => {
      const folding = foldings.get(node);
      if (folding === undefined) return undefined;
      const { conv } = folding;
      const { weights, bias } = folded(folding);
      const [image] = conv.inputs;
      const given = [image && copies.get(image), target.constant(weights), target.constant(bias)];
      return target.apply('Conv', given, conv.attributes, { name: node.name });
    },
    copies,
  );
}

function foldingOf(node: Node, uses: ReadonlyMap<Value | undefined, number>): Folding | undefined {
  if (node.kind !== 'operator' || node.op !== 'BatchNormalization' || node.outputs.length > 1) return undefined;
  const { epsilon, trainingMode } = (node as OperatorNode<'BatchNormalization'>).attributes;
  const [x, ...statistics] = node.inputs;
  const before = x && producerOf(x);
  if (trainingMode !== 0 || before?.kind !== 'operator' || before.op !== 'Conv' || uses.get(x) !== 1) return undefined;
  const [, w, b] = before.inputs;
  const weights = constantOf(w);
  const given = statistics.map(constantOf);
  const bias = constantOf(b);
  if (weights?.type !== 'float32' || given.some((tensor) => tensor?.type !== 'float32')) return undefined;
  if (b !== undefined && bias?.type !== 'float32') return undefined;
  const [scale, shift, mean, variance] = given.map((tensor) => tensor!.data as Float32Array);
  const factors = Float64Array.from(scale, (one, filter) => one / Math.sqrt(variance[filter] + epsilon));
  const conv = before as OperatorNode<'Conv'>;
  return { conv, weights, bias: bias?.data as Float32Array | undefined, factors, mean, shift };
}

function folded({ weights, bias, factors, mean, shift }: Folding): { readonly weights: Tensor; readonly bias: Tensor } {
  const perFilter = weights.data.length / factors.length;
  const scaled = Float32Array.from(
    weights.data as Float32Array,
    (weight, place) => weight * factors[Math.floor(place / perFilter)],
  );
  const moved = Float32Array.from(
    factors,
    (factor, filter) => ((bias?.[filter] ?? 0) - mean[filter]) * factor + shift[filter],
  );
  return { weights: float32(weights.shape, scaled), bias: float32([factors.length], moved) };
}
