import { describe, expect, it } from 'vitest';
import { Graph } from './graph.ts';
import { expandLike, filledLike, reshapeLike } from './match-shape.ts';

describe('matching the shape of another value', () => {
  it('adds no node where the shape is right already', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3]);
    const like = graph.input('like', 'float32', ['N', 3]);
    expect(expandLike(x, like)).toBe(x);
    expect(reshapeLike(x, like)).toBe(x);
  });

  it('reshapes to one named length, and to no more', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 6]);
    expect(reshapeLike(x, graph.input('one', 'float32', ['N', 2, 3])).shape).toEqual(['N', 2, 3]);
    expect(() => reshapeLike(x, graph.input('two', 'float32', ['N', 'M', 2]))).toThrow(
      "a gradient of 'two' needs a shape known in advance, but it is [N, M, 2]",
    );
  });

  it('cannot fill a shape that is not known', () => {
    const graph = new Graph();
    expect(filledLike(graph.input('x', 'float64', [2, 3]), 1)).toMatchObject({ type: 'float64', shape: [2, 3] });
    expect(() => filledLike(graph.input('like', 'float32', ['N']), 0)).toThrow(
      "a gradient of 'like' needs a shape known",
    );
  });
});
