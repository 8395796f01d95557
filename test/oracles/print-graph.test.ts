import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/graph/builder/graph.ts';
import { float32, tensor } from '../../src/graph/tensor/tensor.ts';
import { printGraph } from './print-graph.ts';

describe('printGraph', () => {
  it('has a line for everything in the graph', () => {
    const graph = new Graph();
    graph.metadata.set('made', 'by hand\n');
    const x = graph.input('x', 'float32', ['N', 1, 4, 4]);
    const w = graph.constant(float32([1, 1, 3, 3], new Array(9).fill(1)), 'w');
    const high = graph.constant(tensor('float32', [], Float32Array.of(6)), 'high');
    const convolved = graph.apply('Conv', [x, w], { pads: [1, 1, 1, 1], strides: [2, 2] }, { name: 'conv' })[0];
    const clipped = graph.apply('Clip', [convolved, undefined, high], {}, { name: 'clip' })[0];
    const [values, places] = graph.apply('MaxPool', [clipped], { kernelShape: [2, 2] }, { name: 'pool', outputs: 2 });
    const foreign = { op: 'Gelu', domain: 'com.microsoft', inputs: [values], attributes: [], name: 'gelu' };
    graph.output('y', graph.applyOpaque(foreign, [{ type: 'float32', shape: ['N', 1] }])[0]);
    graph.output('places', places);
    expect(printGraph(graph)).toBe(
      [
        'metadata made = "by hand\\n"',
        'input x: float32[N, 1, 4, 4]',
        'constant w: float32[1, 1, 3, 3]',
        'constant high: float32[] = 6',
        'conv.out: float32[N, 1, 2, 2] = Conv(x, w) {strides: [2, 2], pads: [1, 1, 1, 1]}',
        'clip.out: float32[N, 1, 2, 2] = Clip(conv.out, _, high)',
        'pool.out: float32[N, 1, 1, 1], pool.out1: int64[N, 1, 1, 1] = MaxPool(clip.out) {kernelShape: [2, 2]}',
        'gelu.out: float32[N, 1] = com.microsoft.Gelu(pool.out) opaque',
        'output y = gelu.out',
        'output places = pool.out1',
      ].join('\n'),
    );
  });
});
