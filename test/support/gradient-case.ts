import { RandomSource } from '../../src/foundation/random/random-source.ts';
import { shuffle } from '../../src/foundation/random/shuffle.ts';
import { type BackwardOptions, backward } from '../../src/graph/autodiff/backward.ts';
import { Graph, type Value } from '../../src/graph/builder/graph.ts';
import { add, mul, reduceSum } from '../../src/graph/builder/operations.ts';
import type { AttributesToGive, OperatorName } from '../../src/graph/operators/operator.ts';
import { isFloating, newElementArray } from '../../src/graph/tensor/element-type.ts';
import { sizeOf, staticShape } from '../../src/graph/tensor/shape.ts';
import { type Tensor, tensor, toNumbers } from '../../src/graph/tensor/tensor.ts';

/** An input whose gradient is checked: a shape and how its elements are drawn. */
export interface DrawnInput {
  readonly shape: readonly number[];
  readonly draw: (random: RandomSource, size: number) => number[];
}

/** An operator applied `of` some inputs `with` some attributes. A tensor is a constant, undefined an input left out. */
export interface GradientCase<Op extends OperatorName> {
  readonly of: readonly (DrawnInput | Tensor | undefined)[];
  readonly with?: AttributesToGive<Op>;
  /** How many outputs the node has. Default: 1. */
  readonly outputs?: number;
  /** The outputs the loss is made of. Default: the first. */
  readonly lossOf?: readonly number[];
  readonly options?: BackwardOptions;
  /** Why onnxruntime cannot run the case, where it cannot. */
  readonly engineRefuses?: string;
}

/** Cases of every operator; none for one that has no gradient. */
export type GradientCases = { readonly [Op in OperatorName]: readonly GradientCase<Op>[] };

const drawing =
  (element: (random: RandomSource) => number) =>
  (shape: readonly number[]): DrawnInput => ({
    shape,
    draw: (random, size) => Array.from({ length: size }, () => element(random)),
  });

/** Standard normal. */
export const normal = drawing((random) => random.normal());
/** Uniform over [0.5, 2). */
export const positive = drawing((random) => random.between(0.5, 2));

/** Uniform over [-4, 4), but at least 0.05 away from each of `kinks`. */
export const awayFrom = (kinks: readonly number[], shape: readonly number[]): DrawnInput =>
  drawing((random) => {
    for (;;) {
      const x = random.between(-4, 4);
      if (kinks.every((kink) => Math.abs(x - kink) >= 0.05)) return x;
    }
  })(shape);

/** Different multiples of 0.1 in random order, positive and negative: nothing is near a tie. */
export const distinct = (shape: readonly number[]): DrawnInput => ({
  shape,
  draw: (random, size) =>
    shuffle(
      Array.from({ length: size }, (_, i) => (i - size / 2) / 10),
      random,
    ),
});

/** A case as a graph: outputs `loss`, a sum of the operator's outputs with random weights, and `gradient <input>`. */
export interface CaseGraph {
  readonly graph: Graph;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** Builds a case with floating-point values of `type`. The same case always gets the same numbers. */
export function caseGraph<Op extends OperatorName>(
  op: Op,
  { of, with: attributes, outputs: count = 1, lossOf = [0], options }: GradientCase<Op>,
  type: 'float32' | 'float64',
): CaseGraph {
  const random = RandomSource.fromSeed(7, op);
  const graph = new Graph();
  const feeds: Record<string, Tensor> = {};
  const inputs = of.map((input, place) => {
    if (input === undefined) return undefined;
    if (!('draw' in input))
      return graph.constant(isFloating(input.type) ? floats(type, input.shape, toNumbers(input)) : input);
    const name = `x${place}`;
    feeds[name] = floats(type, input.shape, input.draw(random, sizeOf(input.shape)));
    return graph.input(name, type, input.shape);
  });
  const outputs = graph.apply(op, inputs, attributes ?? ({} as AttributesToGive<Op>), { outputs: count });
  const terms = lossOf.map((place) => weightedSum(outputs[place], random));
  const loss = terms.reduce((sum, term) => add(sum, term));
  graph.output('loss', loss);
  for (const [place, gradient] of backward(loss, graph.inputs, options).entries()) {
    graph.output(`gradient ${graph.inputs[place].name}`, gradient);
  }
  return { graph, feeds };
}

function weightedSum(output: Value, random: RandomSource): Value {
  const shape = staticShape(output.shape, 'a gradient case');
  const weights = Array.from({ length: sizeOf(shape) }, () => random.normal());
  if (!isFloating(output.type)) throw new Error(`a loss cannot be made of ${output.type}`);
  return reduceSum(mul(output, output.graph.constant(floats(output.type, shape, weights), 'weights')));
}

/** A floating-point tensor from plain numbers. */
export function floats(type: 'float32' | 'float64', shape: readonly number[], values: readonly number[]): Tensor {
  const data = newElementArray(type, values.length);
  data.set(values);
  return tensor(type, shape, data) as Tensor;
}
