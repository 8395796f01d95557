import { describe, expect, it } from 'vitest';
import { Graph } from '../builder/graph.ts';
import { add, relu } from '../builder/operations.ts';
import { neededParts } from './needed.ts';

describe('neededParts', () => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2]);
  const y = graph.input('y', 'float32', [2]);
  const first = add(x, 1);
  const second = add(y, 2);
  const both = add(first, relu(second));

  it('follows values back to inputs and constants, in the order of the graph', () => {
    const parts = neededParts(graph, [both, second]);
    expect(parts.inputs).toEqual([x, y]);
    expect(parts.constants).toEqual(graph.constants);
    expect(parts.nodes).toEqual(graph.nodes);
  });

  it('leaves out the rest', () => {
    const parts = neededParts(graph, [second]);
    expect(parts.inputs).toEqual([y]);
    expect(parts.constants.map(({ name }) => name)).toEqual(['scalar_2']);
    expect(parts.nodes.map(({ name }) => name)).toEqual([second.origin.kind === 'node' ? second.origin.node.name : '']);
  });

  it('starts from the outputs, and takes a chain of any length', () => {
    expect(neededParts(graph).nodes).toEqual([]);
    const deep = new Graph();
    let value = deep.input('x', 'float32', [1]);
    for (let i = 0; i < 20_000; i++) value = relu(value);
    deep.output('y', value);
    expect(neededParts(deep).nodes.length).toBe(20_000);
  });
});
