import { describe, expect, it } from 'vitest';
import { runGraph } from '../../../../test/support/run-graph.ts';
import { OnnxruntimeEngine } from '../../../engines/onnxruntime/onnxruntime-engine.ts';
import { backward } from '../../../graph/autodiff/backward.ts';
import { Graph } from '../../../graph/builder/graph.ts';
import { mul, reduceSum } from '../../../graph/builder/operations.ts';
import { tensor, toNumbers } from '../../../graph/tensor/tensor.ts';
import { stopGradient } from './stop-gradient.ts';

const numbers = [1, -1, 0.6, -0.8, 1 / 3, -0, 1e-3, 1.5e-7];

describe('stopGradient', () => {
  it('gives the same numbers, on onnxruntime those of float32 bit for bit', async () => {
    const graph = new Graph();
    graph.output('y', stopGradient(graph.input('x', 'float32', [numbers.length])));
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const x = tensor('float32', [numbers.length], Float32Array.from(numbers));
    const { y } = await (await engine.compile(graph)).run({ x });
    for (const [place, value] of toNumbers(y).entries()) expect(Math.abs(value - x.data[place])).toBeLessThan(1e-12);
    for (const place of [0, 1, 2, 3, 4]) expect(toNumbers(y)[place]).toBe(x.data[place]);
    await engine.close();
  });

  it('has no gradient: of x times itself held still only x is left', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float64', [numbers.length]);
    const [gradient] = backward(reduceSum(mul(x, stopGradient(x))), [x]);
    graph.output('gradient', gradient);
    const results = await runGraph(graph, { x: tensor('float64', [numbers.length], Float64Array.from(numbers)) });
    for (const [place, value] of toNumbers(results['gradient']).entries())
      expect(value).toBeCloseTo(numbers[place], 11);
  });
});
