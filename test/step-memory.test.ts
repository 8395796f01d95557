import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What a child process measured and estimated, in bytes. */
interface Measured {
  readonly before: number;
  readonly peak: number;
  readonly estimate: { readonly peakBytes: number; readonly breakdown: Readonly<Record<string, number>> };
}

const prelude = `
  const from = (file) => import(new URL(file, ${JSON.stringify(`${pathToFileURL(path.join(import.meta.dirname, '../dist')).href}/`)}));
  const { OnnxruntimeEngine } = await from('engines/onnxruntime/onnxruntime-engine.js');
  const { estimateStepMemory } = await from('engines/memory/step-memory.js');
  const { Graph } = await from('graph/builder/graph.js');
  const o = await from('graph/builder/operations.js');
  const { backward } = await from('graph/autodiff/backward.js');
  const { tensor } = await from('graph/tensor/tensor.js');
  const { peakMemory } = await from('app/machine-speed/peak-memory.js');
  const graph = new Graph();
  const weights = [];
  const weight = (...shape) => {
    const made = graph.input('w' + weights.length, 'float32', shape);
    weights.push(made);
    return made;
  };
  const convolve = (x, filters, stride = 1) =>
    o.conv(x, weight(filters, x.shape[1], 3, 3), weight(filters), { kernelShape: [3, 3], strides: [stride, stride], pads: [1, 1, 1, 1] });
  const pool = (x) => graph.apply('MaxPool', [x], { kernelShape: [2, 2], strides: [2, 2] }, { outputs: 2 })[0];
  const normalize = (x) => {
    const c = x.shape[1];
    const statistic = () => graph.constant(tensor('float32', [c]));
    return graph.apply('BatchNormalization', [x, weight(c), weight(c), statistic(), statistic()], { trainingMode: 1 }, { outputs: 3 })[0];
  };
`;

// Two steps, everything held by the engine as in training, and the highest memory of the process.
const measure = `
  const loss = o.reduceSum(o.mul(x, x));
  graph.output('loss', loss);
  for (const [i, gradient] of backward(loss, weights).entries()) graph.output('gradient' + i, gradient);
  const estimate = estimateStepMemory(graph);
  const before = process.memoryUsage.rss();
  const engine = await OnnxruntimeEngine.create({ threads: 1 });
  const program = await engine.compile(graph, { asBuilt: true });
  const feeds = {}, into = {};
  const filled = (shape, value) => {
    const made = tensor('float32', shape);
    made.data.fill(value);
    return made;
  };
  for (const { name, shape } of graph.inputs) feeds[name] = await engine.hold(filled(shape, 0.01));
  for (const [name, { shape }] of graph.outputs) into[name] = await engine.hold(filled(shape, 0));
  gc();
  for (let step = 0; step < 2; step++) await program.run(feeds, { into });
  const peak = peakMemory();
  console.log(JSON.stringify({ before, peak, estimate }));
`;

describe('estimateStepMemory', () => {
  it.each([
    [
      'a stack of convolutions and pools at 144 x 144',
      `let x = graph.input('image', 'float32', [4, 3, 144, 144]);
       for (const filters of [64, 128]) x = pool(o.relu(convolve(o.relu(convolve(x, filters)), filters)));
       x = o.globalAveragePool(x);`,
    ],
    [
      'batch-normalised convolutions on many small images',
      `let x = graph.input('image', 'float32', [180, 3, 64, 64]);
       x = o.relu(normalize(convolve(x, 24, 2)));
       for (const filters of [32, 64, 128]) x = pool(o.relu(normalize(convolve(x, filters))));
       x = o.l2Normalize(o.flatten(x));`,
    ],
    [
      'layers of more weights than values',
      `let x = graph.input('row', 'float32', [6, 2048]);
       for (const [wide, next] of [[2048, 4096], [4096, 4096]]) x = o.relu(o.gemm(x, weight(wide, next), weight(next)));`,
    ],
  ])(
    'is within a fifth of what a process takes: %s',
    (_, network) => {
      const node = ['--expose-gc', '--input-type=module', '-e', prelude + network + measure];
      const { stdout, stderr, status } = spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 120_000 });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { before, peak, estimate } = JSON.parse(stdout) as Measured;
      const measured = peak - before;
      expect(measured).toBeGreaterThan(150e6);
      expect(estimate.peakBytes / measured).toBeGreaterThan(0.8);
      expect(estimate.peakBytes / measured).toBeLessThan(1.2);
      const parts = Object.values(estimate.breakdown);
      expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBe(estimate.peakBytes);
    },
    130_000,
  );
});
