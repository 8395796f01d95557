import { describe, expect, it } from 'vitest';
import { gradientsAt } from '../../../../test/support/gradients-at.ts';
import { Graph, type Value } from '../../builder/graph.ts';
import { reduceSum } from '../../builder/operations.ts';
import type { AttributesToGive } from '../../operators/operator.ts';
import { backward } from '../backward.ts';

const pooled = (attributes: AttributesToGive<'MaxPool'>, outputs: number) => (x: Value) =>
  x.graph.apply('MaxPool', [x], attributes, { outputs })[0];

/** Operators that the gradient of a pool over 4 x 5 pictures adds. */
function added(attributes: AttributesToGive<'MaxPool'>, outputs: number): string[] {
  const graph = new Graph();
  const x = graph.input('x', 'float32', [2, 3, 4, 5]);
  const loss = reduceSum(pooled(attributes, outputs)(x));
  const before = graph.nodes.length;
  backward(loss, [x]);
  return graph.nodes.slice(before).map((node) => node.op);
}

describe('gradient of MaxPool', () => {
  it('goes to the first of elements that tie', () => {
    const apart = { kernelShape: [1, 2], strides: [1, 2] };
    const at = { shape: [1, 1, 2, 4], values: [3, 3, 1, 2, 0, 0, 5, 5] };
    expect(gradientsAt(pooled(apart, 2), [at])).toEqual([[1, 0, 0, 1, 1, 0, 1, 0]]);
    const overlapping = { kernelShape: [2, 2], strides: [1, 1] };
    expect(gradientsAt(pooled(overlapping, 2), [at])).toEqual([[1, 0, 0, 0, 0, 0, 2, 0]]);
  });

  it('uses the indices that the node kept, and runs the pool again only where it kept none', () => {
    const apart = { kernelShape: [2, 2], strides: [2, 2] };
    expect(added(apart, 2)).toEqual(['Expand', 'MaxUnpool']);
    expect(added(apart, 1)).toEqual(['Expand', 'MaxPool', 'MaxUnpool']);
    expect(added({ ...apart, storageOrder: 1 }, 2)).toEqual(['Expand', 'MaxPool', 'MaxUnpool']);
  });

  it('adds up where windows overlap', () => {
    expect(added({ kernelShape: [3, 3], strides: [2, 2] }, 2)).toContain('ScatterElements');
    expect(added({ kernelShape: [3, 3], strides: [2, 2] }, 2)).not.toContain('MaxUnpool');
  });
});
