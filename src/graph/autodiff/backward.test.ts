import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centralDifferences } from '../../../test/oracles/central-differences.ts';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { floats } from '../../../test/support/gradient-case.ts';
import { gradientsAt } from '../../../test/support/gradients-at.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph, type Value } from '../builder/graph.ts';
import {
  add,
  cast,
  conv,
  exp,
  flatten,
  floor,
  gemm,
  greater,
  l2Normalize,
  matMul,
  mul,
  reduceSum,
  relu,
  sigmoid,
  slice,
  sqrt,
  sub,
  tanh,
} from '../builder/operations.ts';
import { sizeOf } from '../tensor/shape.ts';
import { toNumbers } from '../tensor/tensor.ts';
import { backward } from './backward.ts';

/** Half of a sum or difference: what is drawn stays around 1 however deep the graph. */
const half = (op: (a: Value, b: Value) => Value) => (a: Value, b: Value) => mul(op(a, b), 0.5);

/** Operators of the nodes a piece of work adds to a graph. */
function addedBy(graph: Graph, work: () => void): string[] {
  const before = graph.nodes.length;
  work();
  return graph.nodes.slice(before).map((node) => node.op);
}

describe('backward', () => {
  it('adds up the gradients of all uses of a value', () => {
    expect(gradientsAt((x) => mul(x, x), [[2, -3]])).toEqual([[4, -6]]);
    expect(gradientsAt((x) => add(mul(x, mul(x, x)), x), [[2, -3]])).toEqual([[13, 28]]);
  });

  it('adds three or more parts with one Sum', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const loss = reduceSum(add(add(add(exp(x), tanh(x)), sigmoid(x)), x));
    expect(addedBy(graph, () => backward(loss, [x])).filter((op) => op === 'Sum')).toHaveLength(1);
  });

  it('differentiates by values in the middle, also of one another', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float64', [2]);
    const middle = mul(x, 3);
    const loss = reduceSum(mul(middle, add(x, middle)));
    for (const [place, gradient] of backward(loss, [middle, x, loss]).entries()) graph.output(`g${place}`, gradient);
    const results = interpret(graph, { x: floats('float64', [2], [2, -1]) });
    // loss = sum m (x + m), m = 3 x: by m it is x + 2 m, by x in all 24 x.
    expect(toNumbers(results.g0)).toEqual([14, -7]);
    expect(toNumbers(results.g1)).toEqual([48, -24]);
    expect(toNumbers(results.g2)).toEqual([1]);
  });

  it('agrees with central differences on random graphs', () => {
    const step = fc.record({ kind: fc.nat(4), left: fc.nat(), right: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(1000), (steps, seed) => {
        const graph = new Graph();
        const values: Value[] = [graph.input('a', 'float64', [2, 2]), graph.input('b', 'float64', [2])];
        for (const { kind, left, right } of steps) {
          const [a, b] = [values[left % values.length], values[right % values.length]];
          values.push([tanh, sigmoid, mul, half(add), half(sub)][kind](a, b));
        }
        const loss = reduceSum(tanh(values.reduce((sum, value) => add(sum, value))));
        graph.output('loss', loss);
        for (const [place, gradient] of backward(loss, graph.inputs).entries()) {
          graph.output(`gradient ${graph.inputs[place].name}`, gradient);
        }
        const number = (place: number) => Math.sin(seed + 7 * place) / 2;
        const feeds = {
          a: floats('float64', [2, 2], [0, 1, 2, 3].map(number)),
          b: floats('float64', [2], [4, 5].map(number)),
        };
        const results = interpret(graph, feeds);
        const expected = centralDifferences((near) => toNumbers(interpret(graph, near, ['loss']).loss)[0], feeds);
        for (const [name, numbers] of Object.entries(expected)) {
          const gradient = toNumbers(results[`gradient ${name}`]);
          for (const [place, number] of numbers.entries()) expect(gradient[place]).toBeCloseTo(number, 6);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('agrees with central differences on a small convolutional network', () => {
    const graph = new Graph();
    const input = (name: string, shape: readonly number[]) => graph.input(name, 'float64', shape);
    const image = input('image', [3, 2, 6, 6]);
    const convolved = conv(image, input('kernel', [3, 2, 3, 3]), undefined, { pads: [1, 1, 1, 1] });
    const [zero, one] = [0, 1].map((value) => graph.constant(floats('float64', [3], [value, value, value])));
    const [normalized] = graph.apply(
      'BatchNormalization',
      [convolved, input('scale', [3]), input('bias', [3]), zero, one],
      { trainingMode: 1, momentum: 0 },
      { outputs: 3 },
    );
    const [pooled] = graph.apply('MaxPool', [normalized], { kernelShape: [2, 2], strides: [2, 2] }, { outputs: 2 });
    const embedding = l2Normalize(gemm(flatten(relu(pooled)), input('dense', [27, 4])));
    const gap = sub(
      slice(embedding, [{ axis: 0, start: 0, end: 1 }]),
      slice(embedding, [{ axis: 0, start: 1, end: 3 }]),
    );
    const loss = reduceSum(sqrt(add(reduceSum(mul(gap, gap), [1]), 0.01)));
    graph.output('loss', loss);
    for (const [place, gradient] of backward(loss, graph.inputs).entries()) {
      graph.output(`gradient ${graph.inputs[place].name}`, gradient);
    }
    const random = RandomSource.fromSeed(3);
    const feeds = Object.fromEntries(
      graph.inputs.map(({ name, shape }) => {
        const lengths = shape.map(Number);
        return [
          name,
          floats(
            'float64',
            lengths,
            Array.from({ length: sizeOf(lengths) }, () => random.normal()),
          ),
        ];
      }),
    );
    const results = interpret(graph, feeds);
    const expected = centralDifferences((near) => toNumbers(interpret(graph, near, ['loss']).loss)[0], feeds);
    for (const [name, numbers] of Object.entries(expected)) {
      const gradient = toNumbers(results[`gradient ${name}`]);
      for (const [place, number] of numbers.entries()) expect(gradient[place], name).toBeCloseTo(number, 7);
    }
  });

  it('differentiates what it wrote again', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float64', [3]);
    const first = backward(reduceSum(mul(x, mul(x, x))), [x])[0];
    graph.output('second', backward(reduceSum(first), [x])[0]);
    const { second } = interpret(graph, { x: floats('float64', [3], [1, -2, 0.5]) });
    expect(toNumbers(second)).toEqual([6, -12, 3]);
  });

  it('starts from a seed of the shape of the loss', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float64', ['N', 2]);
    const seed = graph.input('seed', 'float64', ['N', 2]);
    graph.output('g', backward(relu(mul(x, 3)), [x], { seed })[0]);
    const feeds = { x: floats('float64', [2, 2], [1, -1, 2, 3]), seed: floats('float64', [2, 2], [5, 6, 7, 8]) };
    expect(toNumbers(interpret(graph, feeds).g)).toEqual([15, 0, 21, 24]);
  });

  it('writes nodes only where they lead to what is asked for', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4, 3]);
    const w = graph.input('w', 'float32', [3, 2]);
    const loss = reduceSum(matMul(tanh(exp(x)), w));
    const weightsOnly = addedBy(graph, () => backward(loss, [w]));
    expect(weightsOnly).toEqual(['Expand', 'FusedMatMul']);
    const middle = graph.nodes.find((node) => node.op === 'Tanh');
    const inputOnly = addedBy(graph, () => backward(loss, [middle?.inputs[0] ?? x]));
    expect(inputOnly.filter((op) => op === 'FusedMatMul')).toHaveLength(1);
  });

  it('gives zeros where the only way passes a rounding', () => {
    expect(gradientsAt((x) => floor(mul(x, 3)), [[0.4, 0.7]])).toEqual([[0, 0]]);
  });

  it('sees no dependence through truth values', () => {
    const count = (x: Value) => cast(greater(x, 0), 'float64');
    expect(() => gradientsAt(count, [[1, -1]])).toThrow("does not depend on 'x0'");
    expect(gradientsAt(count, [[1, -1]], { unreached: 'zero' })).toEqual([[0, 0]]);
  });

  it('names a value that the loss does not depend on', () => {
    const first = (a: Value, _b: Value) => a;
    expect(() => gradientsAt(first, [[1], [2, 3]])).toThrow(
      "does not depend on 'x1', so it has no gradient by it; leave it out, or ask for zero with unreached: 'zero'",
    );
    expect(gradientsAt(first, [[1], [2, 3]], { unreached: 'zero' })).toEqual([[1], [0, 0]]);
  });

  it('names the operator that has no gradient and why, but only if one is needed through it', () => {
    const graph = new Graph();
    const image = graph.input('image', 'float32', [1, 1, 2, 2]);
    const grid = graph.input('grid', 'float32', [1, 2, 2, 2]);
    const w = graph.input('w', 'float32', []);
    const [sampled] = graph.apply('GridSample', [image, grid], {}, { name: 'augment' });
    const loss = reduceSum(mul(sampled, w));
    expect(() => backward(loss, [w])).not.toThrow();
    expect(() => backward(loss, [image])).toThrow(/^no gradient through node 'augment' \(GridSample\): it augments/);
  });

  it('runs opaque nodes but does not pass through them', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const w = graph.input('w', 'float32', [2]);
    const foreign = { op: 'Gelu', domain: 'com.microsoft', name: 'gelu1', inputs: [x], attributes: [] };
    const [y] = graph.applyOpaque(foreign, [{ type: 'float32', shape: [2] }]);
    const loss = reduceSum(mul(y, w));
    expect(() => backward(loss, [w])).not.toThrow();
    expect(() => backward(loss, [x])).toThrow(
      "no gradient through node 'gelu1' (Gelu): the operator is not one of ours: it can be run but not trained through",
    );
  });

  it('refuses a loss or a seed that does not fit', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const whole = graph.input('n', 'int64', []);
    expect(() => backward(x, [x])).toThrow(
      "the loss 'x' must be a scalar, but has shape [2, 3]: reduce it, or give a seed",
    );
    expect(() => backward(whole, [x])).toThrow("the loss 'n' is int64, but must be floating-point");
    const seed = graph.input('seed', 'float32', [3]);
    expect(() => backward(x, [x], { seed })).toThrow("the seed 'seed' is float32[3], but must be");
    const foreign = new Graph().input('seed', 'float32', [2, 3]);
    expect(() => backward(x, [x], { seed: foreign })).toThrow("a value of the loss's graph");
  });

  it('refuses to differentiate by what has no gradient', () => {
    const graph = new Graph();
    const loss = reduceSum(graph.input('x', 'float32', [2]));
    const whole = graph.input('n', 'int64', [2]);
    expect(() => backward(loss, [whole])).toThrow("'n' is int64: only floating-point values have a gradient");
    const foreign = new Graph().input('y', 'float32', []);
    expect(() => backward(loss, [foreign])).toThrow("'y' is a value of another graph than the loss's");
  });
});
