import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { add, gather, mul, relu } from '../../../src/graph/builder/operations.ts';
import { float32, int64Vector, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';
import { interpret, interpretValues } from './interpret.ts';

function twoOutputs(): Graph {
  const graph = new Graph();
  const [a, b] = [graph.input('a', 'float32', ['N']), graph.input('b', 'float32', ['N'])];
  graph.output('tripled', mul(a, 3));
  graph.output('sum', add(a, b));
  return graph;
}

const x = float32([2], [1, 2]);

describe('interpret', () => {
  it('computes in float64, also what is declared float32', () => {
    const { tripled } = interpret(twoOutputs(), {
      a: tensor('float64', [1], Float64Array.of(1 / 3)),
      b: float32([1], [0]),
    });
    expect(tripled).toEqual(tensor('float64', [1], Float64Array.of((1 / 3) * 3)));
  });

  it('takes float32 for float64, and leaves integers their type', () => {
    const graph = new Graph();
    const places = gather(graph.constant(int64Vector([5, 6])), graph.input('i', 'int64', [1]));
    graph.output('places', places);
    graph.output('double', add(graph.input('y', 'float64', [2]), 1));
    expect(interpret(graph, { i: int64Vector([1]), y: x })).toEqual({
      places: int64Vector([6]),
      double: tensor('float64', [2], Float64Array.of(2, 3)),
    });
  });

  it('computes the outputs asked for, and needs no more inputs than they do', () => {
    expect(interpret(twoOutputs(), { a: x }, ['tripled'])).toEqual({
      tripled: tensor('float64', [2], Float64Array.of(3, 6)),
    });
  });

  it('gives any value of the graph', () => {
    const graph = new Graph();
    const inner = add(graph.input('a', 'float32', [2]), -1.5);
    const outer = relu(inner);
    const results = interpretValues(graph, { a: x }, [outer, inner, outer]);
    expect(results.map(toNumbers)).toEqual([
      [0, 0.5],
      [-0.5, 0.5],
      [0, 0.5],
    ]);
  });

  it('gives every result memory of its own', () => {
    const graph = new Graph();
    const known = graph.constant(tensor('float64', [1], Float64Array.of(4)));
    for (const name of ['first', 'second']) graph.output(name, known);
    const { first, second } = interpret(graph, {});
    first.data[0] = 9;
    expect(toNumbers(second)).toEqual([4]);
    expect(toNumbers(interpret(graph, {})['first'])).toEqual([4]);
  });

  it('names what was not fed, or fed and unknown, or asked for and unknown', () => {
    expect(() => interpret(twoOutputs(), { a: x })).toThrow("needs its input 'b' (float32[N]); it was not fed");
    expect(() => interpret(twoOutputs(), { a: x, c: x })).toThrow("the graph has no input 'c'; it has: a, b");
    expect(() => interpret(twoOutputs(), { a: x }, ['mean'])).toThrow("no output 'mean'; it has: tripled, sum");
  });

  it('names the input of another type or shape, and the length that a name has already', () => {
    const fed = (b: Parameters<typeof interpret>[1][string]) => () => interpret(twoOutputs(), { a: x, b });
    expect(fed(int64Vector([1, 2]))).toThrow("'b' is float32[N] in the graph, N being 2, but got int64[2]");
    expect(fed(float32([1, 2], [1, 2]))).toThrow("'b' is float32[N] in the graph, N being 2, but got float64[1, 2]");
    expect(fed(float32([3], [1, 2, 3]))).toThrow("'b' is float32[N] in the graph, N being 2, but got float64[3]");
  });

  it('names the node that fails, and the foreign operator that it does not know', () => {
    const graph = new Graph();
    const a = graph.input('a', 'float32', [2]);
    graph.output('picked', gather(a, graph.input('i', 'int64', [1])));
    const node = { op: 'Whiten', domain: 'com.example', inputs: [a], attributes: [], name: 'odd' };
    graph.output('white', graph.applyOpaque(node, [{ type: 'float32', shape: [2] }])[0]);
    const feeds = { a: x, i: int64Vector([2]) };
    expect(() => interpret(graph, feeds, ['picked'])).toThrow("node 'Gather' (Gather): Gather has the index 2");
    expect(() => interpret(graph, feeds, ['white'])).toThrow("node 'odd' (Whiten): the reference knows no operator");
  });
});
