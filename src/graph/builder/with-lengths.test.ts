import { expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { Graph } from './graph.ts';
import { add, flatten, matMul, relu, reshape } from './operations.ts';
import { withLengths } from './with-lengths.ts';

/** A product for each row of a batch of any length, and an operator that the graph does not know. */
function network(): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2, 3]);
  const w = float32(
    [6, 2],
    Array.from({ length: 12 }, (_, place) => place - 5),
  );
  const rows = matMul(flatten(x), graph.constant(w, 'w'));
  graph.output('y', relu(add(reshape(rows, [-1, 2, 1]), 1)));
  graph.metadata.set('kept', 'yes');
  return graph;
}

const n = (length: number) => new Map([['N', length]]);

it('has known shapes behind, and gives what the graph gives', () => {
  const graph = network();
  expect(graph.outputs.get('y')?.shape).toEqual(['N', 2, 1]);
  const sized = withLengths(graph, n(4));
  expect(sized.inputs[0]?.shape).toEqual([4, 2, 3]);
  expect(sized.outputs.get('y')?.shape).toEqual([4, 2, 1]);
  expect(sized.nodes.map(({ name }) => name)).toEqual(graph.nodes.map(({ name }) => name));
  expect(sized.metadata).toEqual(graph.metadata);
  const x = float32(
    [4, 2, 3],
    Array.from({ length: 24 }, (_, place) => Math.sin(place)),
  ) as Tensor;
  expect(interpret(sized, { x })).toEqual(interpret(graph, { x }));
});

it('has known lengths in what an unknown operator gives', () => {
  const graph = network();
  const y = graph.outputs.get('y')!;
  const foreign = {
    kind: 'opaque',
    name: 'f',
    op: 'Foreign',
    domain: 'x',
    inputs: [y],
    outputs: [],
    attributes: [],
  } as const;
  const [z] = graph.applyOpaque(foreign, [{ type: 'float32', shape: ['N', 7] }]);
  graph.output('z', z!);
  expect(withLengths(graph, n(4)).outputs.get('z')?.shape).toEqual([4, 7]);
});

it('leaves names that it is not told', () => {
  expect(withLengths(network(), new Map([['M', 4]])).outputs.get('y')?.shape).toEqual(['N', 2, 1]);
});
