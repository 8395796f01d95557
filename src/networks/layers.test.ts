import { describe, expect, it } from 'vitest';
import { OnnxruntimeEngine } from '../engines/onnxruntime-engine.ts';
import { interpret } from '../engines/reference/interpret.ts';
import { Graph } from '../graph/graph.ts';
import { float32, toNumbers } from '../tensor/tensor.ts';
import { batchNormalization, samePadding } from './layers.ts';
import { TrainingScope } from './network-scope.ts';

/** Two channels, three pictures of 1 x 2. */
const x = float32([3, 2, 1, 2], [1, 2, 10, 20, 3, 4, 30, 40, 5, 6, 50, 60]);
const feeds = () => ({
  x,
  'norm.scale': float32([2], [1, 2]),
  'norm.bias': float32([2], [0, -1]),
  'norm.running_mean': float32([2], [100, 200]),
  'norm.running_variance': float32([2], [7, 8]),
});

function normGraph(training: boolean): Graph {
  const graph = new Graph();
  const scope = new TrainingScope(graph, training);
  graph.output('y', batchNormalization(scope, 'norm', graph.input('x', 'float32', [3, 2, 1, 2])));
  for (const [name, { next }] of scope.statistics) if (training) graph.output(`next:${name}`, next);
  return graph;
}

describe('batchNormalization', () => {
  it('moves the running statistics a tenth towards the batch, and leaves the ones it was fed alone', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const program = await engine.compile(normGraph(true));
    const given = feeds();
    const results = await program.run(given);
    // Means 3.5 and 35; population variances 35/12 and 3500/12.
    expect(toNumbers(results['next:norm.running_mean'])).toEqual(
      [0.9 * 100 + 0.35, 0.9 * 200 + 3.5].map((v) => expect.closeTo(v, 4)),
    );
    expect(toNumbers(results['next:norm.running_variance'])).toEqual(
      [0.9 * 7 + 3.5 / 12, 0.9 * 8 + 350 / 12].map((v) => expect.closeTo(v, 4)),
    );
    expect(given).toEqual(feeds());
    await engine.close();
  });
});
