import { describe, expect, it } from 'vitest';
import { Graph } from '../../builder/graph.ts';
import { fusedMatMul, matMul, reduceSum } from '../../builder/operations.ts';
import { backward } from '../backward.ts';

describe('gradient of a matrix product', () => {
  it('transposes nothing in memory, and sums no batch of weight gradients', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [8, 5, 3]);
    const w = graph.input('w', 'float32', [3, 4]);
    const loss = reduceSum(matMul(x, w));
    const before = graph.nodes.length;
    backward(loss, [x, w]);
    const added = graph.nodes.slice(before).map((node) => node.op);
    expect(added).toEqual(['Expand', 'FusedMatMul', 'Reshape', 'Reshape', 'FusedMatMul']);
  });

  it('is not known with transposed batch axes', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [5, 2, 3]);
    const loss = reduceSum(fusedMatMul(x, graph.input('w', 'float32', [2, 3, 4]), { transBatchA: 1 }));
    expect(() => backward(loss, [x])).toThrow('(FusedMatMul): with transBatchA or transBatchB it has no gradient rule');
  });
});
