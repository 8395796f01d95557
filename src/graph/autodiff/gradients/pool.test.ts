import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../test/oracles/reference/interpret.ts';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import { Graph, type Value } from '../../builder/graph.ts';
import { reduceSum } from '../../builder/operations.ts';
import { neededParts } from '../../export/needed.ts';
import { lowerGradients } from '../../lowering/lower-gradients.ts';
import type { AttributesToGive } from '../../operators/operator.ts';
import { tensor, toNumbers } from '../../tensor/tensor.ts';
import { backward } from '../backward.ts';

const pooled = (attributes: AttributesToGive<'MaxPool'>, outputs: number) => (x: Value) =>
  x.graph.apply('MaxPool', [x], attributes, { outputs })[0];

/** Operators of a pool over 4 x 5 pictures and of its gradient, lowered. */
function lowered(attributes: AttributesToGive<'MaxPool'>, outputs: number): string[] {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 4, 5]);
  const [gradient] = backward(reduceSum(pooled(attributes, outputs)(x)), [x]);
  graph.output('gradient', gradient);
  return neededParts(lowerGradients(graph)).nodes.map((node) => node.op);
}

/** The gradient of the sum of a pool, lowered in one form or another. */
function loweredGradientAt(
  attributes: AttributesToGive<'MaxPool'>,
  { shape, values }: { readonly shape: readonly number[]; readonly values: readonly number[] },
  maxPoolForm: 'places' | 'comparison',
): number[] {
  const graph = new Graph();
  const x = graph.input('x', 'float64', shape);
  const [gradient] = backward(reduceSum(pooled(attributes, 1)(x)), [x]);
  graph.output('gradient', gradient);
  const feeds = { x: tensor('float64', shape, Float64Array.from(values)) };
  return toNumbers(interpret(lowerGradients(graph, { maxPoolForm }), feeds)['gradient']);
}

describe('gradient of MaxPool', () => {
  it('goes to the first of elements that tie', () => {
    const apart = { kernelShape: [1, 2], strides: [1, 2] };
    const at = { shape: [1, 1, 2, 4], values: [3, 3, 1, 2, 0, 0, 5, 5] };
    expect(gradientsAt(pooled(apart, 2), [at])).toEqual([[1, 0, 0, 1, 1, 0, 1, 0]]);
    const overlapping = { kernelShape: [2, 2], strides: [1, 1] };
    expect(gradientsAt(pooled(overlapping, 2), [at])).toEqual([[1, 0, 0, 0, 0, 0, 2, 0]]);
    for (const maxPoolForm of ['places', 'comparison'] as const) {
      expect(loweredGradientAt(overlapping, at, maxPoolForm)).toEqual([1, 0, 0, 0, 0, 0, 2, 0]);
    }
  });

  it('uses the indices that the node keeps for it, and runs the pool again only where it cannot keep them', () => {
    const apart = { kernelShape: [2, 2], strides: [2, 2] };
    for (const outputs of [1, 2]) expect(lowered(apart, outputs)).toEqual(['MaxPool', 'Expand', 'MaxUnpool']);
    expect(lowered({ ...apart, storageOrder: 1 }, 2)).toEqual(['Expand', 'MaxPool', 'MaxUnpool']);
  });

  it('adds up where windows overlap', () => {
    expect(lowered({ kernelShape: [3, 3], strides: [2, 2] }, 2)).toContain('ScatterElements');
    expect(lowered({ kernelShape: [3, 3], strides: [2, 2] }, 2)).not.toContain('MaxUnpool');
  });
});
