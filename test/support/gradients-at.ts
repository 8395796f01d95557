import { type BackwardOptions, backward } from '../../src/graph/autodiff/backward.ts';
import { Graph, type Value } from '../../src/graph/builder/graph.ts';
import { reduceSum } from '../../src/graph/builder/operations.ts';
import { toNumbers } from '../../src/graph/tensor/tensor.ts';
import { interpret } from '../oracles/reference/interpret.ts';
import { floats } from './gradient-case.ts';

/** Gradients of the sum of `build(...)`'s elements by each of its arguments, by the reference. An argument is a row or a tensor. */
export function gradientsAt(
  build: (...values: Value[]) => Value,
  at: readonly (readonly number[] | { readonly shape: readonly number[]; readonly values: readonly number[] })[],
  options: BackwardOptions = {},
): number[][] {
  const graph = new Graph();
  const tensors = at.map((given) =>
    'shape' in given ? floats('float64', given.shape, given.values) : floats('float64', [given.length], given),
  );
  const inputs = tensors.map(({ type, shape }, place) => graph.input(`x${place}`, type, shape));
  const gradients = backward(reduceSum(build(...inputs)), inputs, options);
  for (const [place, gradient] of gradients.entries()) graph.output(`dx${place}`, gradient);
  const results = interpret(graph, Object.fromEntries(tensors.map((tensor, place) => [`x${place}`, tensor])));
  return gradients.map((_, place) => toNumbers(results[`dx${place}`]));
}
