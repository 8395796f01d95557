import { describe, expect, it } from 'vitest';
import { runGraph } from '../../../test/support/run-graph.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph, type Value } from '../../graph/builder/graph.ts';
import { add, conv, relu } from '../../graph/builder/operations.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { float32, toNumbers } from '../../graph/tensor/tensor.ts';
import { foldBatchNormalization } from './fold-batch-normalization.ts';

const random = RandomSource.fromSeed(5);
const numbers = (shape: StaticShape, low = -1, high = 1) =>
  float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.between(low, high)),
  );
const picture = numbers([2, 3, 6, 6]);

function network(bias: boolean, behind: (convolved: Value, normalized: Value) => Value): Graph {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 6, 6]);
  const b = bias ? graph.constant(numbers([4]), 'b') : undefined;
  const convolved = conv(x, graph.constant(numbers([4, 3, 3, 3]), 'w'), b, { strides: [2, 2], pads: [1, 1, 1, 1] });
  const parameters = [numbers([4]), numbers([4]), numbers([4]), numbers([4], 0.1, 2)];
  const constants = parameters.map((each) => graph.constant(each));
  const [normalized] = graph.apply('BatchNormalization', [convolved, ...constants], { epsilon: 0.01 });
  graph.output('y', behind(convolved, normalized));
  return graph;
}

const operators = (graph: Graph) => neededParts(graph).nodes.map(({ op }) => op);

describe('foldBatchNormalization', () => {
  it.each([true, false])('gives what convolution and normalisation give (bias: %s)', async (bias) => {
    const graph = network(bias, (_, normalized) => relu(normalized));
    const folded = foldBatchNormalization(graph);
    expect(operators(folded)).toEqual(['Conv', 'Relu']);
    const [expected, found] = await Promise.all([graph, folded].map((each) => runGraph(each, { x: picture })));
    const worst = toNumbers(found['y']).map((y, place) => Math.abs(y - toNumbers(expected['y'])[place]));
    expect(toNumbers(expected['y']).some((y) => y > 0.1)).toBe(true);
    expect(Math.max(...worst)).toBeLessThan(1e-5);
  });

  it('leaves a normalisation alone whose convolution something else reads', () => {
    const graph = network(true, (convolved, normalized) => add(convolved, normalized));
    expect(operators(foldBatchNormalization(graph))).toEqual(['Conv', 'BatchNormalization', 'Add']);
  });

  it('leaves a normalisation alone that is behind no convolution', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 3]);
    const parameters = [1, 2, 3, 4].map((value) => graph.constant(float32([3], [value, value, value])));
    graph.output('y', graph.apply('BatchNormalization', [x, ...parameters], {})[0]);
    expect(operators(foldBatchNormalization(graph))).toEqual(['BatchNormalization']);
  });
});
