import { describe, expect, it } from 'vitest';
import { Graph } from '../../graph/builder/graph.ts';
import { conv, gemm, matMul, relu } from '../../graph/builder/operations.ts';
import { evaluationGraph } from '../../training/step/network-graphs.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { benchConfig } from './step-speed.ts';

/** Counts what a plain loop over the whole convolution would do, padding included. */
function convolutionLoop(
  batch: number,
  filters: number,
  side: number,
  channels: number,
  groups: number,
  kernel: number,
) {
  let count = 0;
  for (let place = 0; place < batch * filters * side * side; place++) {
    for (let channel = 0; channel < channels / groups; channel++) count += kernel * kernel;
  }
  return count;
}

describe('multiplyAdds', () => {
  it.each([1, 2])('counts convolutions of %d groups as the plain loop does', (groups) => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 4, 9, 9]);
    const w = graph.input('w', 'float32', [6, 4 / groups, 3, 3]);
    const attributes = { kernelShape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], dilations: [1, 1], group: groups };
    graph.output('y', relu(conv(x, w, undefined, attributes)));
    expect(multiplyAdds(graph)).toBe(convolutionLoop(2, 6, 5, 4, groups, 3));
  });

  it('counts products of matrices, plain and in batches', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [5, 7]);
    graph.output('gemm', gemm(x, graph.input('w', 'float32', [3, 7]), undefined, { transB: 1 }));
    expect(multiplyAdds(graph)).toBe(5 * 7 * 3);
    graph.output('product', matMul(x, graph.input('v', 'float32', [7, 2])));
    expect(multiplyAdds(graph)).toBe(5 * 7 * 3 + 5 * 7 * 2);
    const batch = graph.input('batch', 'float32', [4, 5, 7]);
    graph.output('products', matMul(batch, graph.input('u', 'float32', [4, 7, 2])));
    expect(multiplyAdds(graph)).toBe(5 * 7 * 3 + 5 * 7 * 2 + 4 * 5 * 7 * 2);
  });

  it('counts the small network at 64 x 64 and VGG16 at 224 x 224 as their layers add up', () => {
    const small = [32 ** 2 * 24 * 27, 32 ** 2 * 32 * 216, 16 ** 2 * 64 * 288, 8 ** 2 * 128 * 576, 4 ** 2 * 192 * 1152];
    const paths = [8 ** 2 * 48 * 192, 4 ** 2 * 48 * 192];
    const features = 192 + 48 * 4 ** 2 + 48 * 2 ** 2;
    const dense = [192 * 4 ** 2 * 192, features * 128];
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    expect(multiplyAdds(evaluationGraph(benchConfig('small', 1), 1))).toBe(sum([...small, ...paths, ...dense]));
    // 15.3 billion in VGG16's convolutions, as its authors' table has it.
    expect(multiplyAdds(evaluationGraph(benchConfig('article', 1), 1)) / 1e9).toBeCloseTo(15.35 + 0.03, 1);
    expect(multiplyAdds(evaluationGraph(benchConfig('small', 1), 3))).toBe(3 * sum([...small, ...paths, ...dense]));
  });
});
