import { describe, expect, it } from 'vitest';
import { Graph } from '../../graph/builder/graph.ts';
import { add, equal, indicator, relu } from '../../graph/builder/operations.ts';
import { int64Vector } from '../../graph/tensor/tensor.ts';
import { cpuOperators } from './cpu-operators.ts';

describe('cpuOperators', () => {
  it('names what has no kernel, or none of such elements, once, of what is needed', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const labels = graph.input('labels', 'int64', [3]);
    const theta = graph.input('theta', 'float32', [1, 2, 3]);
    graph.output('y', add(relu(x), indicator(equal(labels, 1), x)));
    graph.output('z', indicator(equal(labels, 2), x));
    // Nobody needs this.
    graph.apply('AffineGrid', [theta, graph.constant(int64Vector([1, 1, 2, 2]))], {});
    expect(cpuOperators(graph)).toEqual(['Equal']);
  });

  it('is empty where WebGPU has everything', () => {
    const graph = new Graph();
    graph.output('y', graph.apply('Sum', [relu(graph.input('x', 'float32', ['N', 3]))], {})[0]);
    expect(cpuOperators(graph)).toEqual([]);
  });
});
