import { describe, expect, it } from 'vitest';
import { needingOneDnn, oneDnnEngine, withOneDnn, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { conv, relu } from '../../graph/builder/operations.ts';
import { estimateStepMemory } from '../memory/step-memory.ts';
import type { OneDnnProgram } from './onednn-program.ts';
import { oneDnnStepMemory } from './onednn-step-memory.ts';

const window = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };

/** Convolutions one behind the other: of what lies between them two tensors live at a time. */
function chain(length: number, rows: number): Graph {
  const graph = new Graph();
  let x = graph.input('x', 'float32', [rows, 32, 32, 32]);
  for (let layer = 0; layer < length; layer++) {
    x = relu(conv(x, graph.input(`w${layer}`, 'float32', [32, 32, 3, 3]), undefined, window));
  }
  graph.output('y', x);
  return graph;
}

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('the memory of a step on oneDNN'), () => {
  it('is that of the plan by which it runs', async () => {
    const estimate = await oneDnnStepMemory('float32', { environment: withOneDnn });
    await using engine = await oneDnnEngine();
    const graph = chain(4, 8);
    const { arenaBytes } = (await engine.compile(graph, { asBuilt: true })) as OneDnnProgram;
    const { breakdown, peakBytes } = estimate(graph);
    const image = 4 * 8 * 32 ** 3;
    expect(arenaBytes).toBeGreaterThanOrEqual(2 * image);
    expect(breakdown.values).toBeGreaterThanOrEqual(arenaBytes);
    expect(breakdown.values).toBeLessThan(arenaBytes + image);
    expect(breakdown.inputs).toBe(image + 4 * 4 * 32 * 32 * 9);
    expect(peakBytes).toBe(Object.values(breakdown).reduce((sum, bytes) => sum + bytes, 0));
    expect(estimate(chain(4, 16)).breakdown.values).toBeGreaterThan(1.9 * breakdown.values - image);
  });

  it('is onnxruntime’s where oneDNN has nothing of a graph', async () => {
    const estimate = await oneDnnStepMemory('float32', { environment: withOneDnn });
    const graph = new Graph();
    graph.output('y', relu(graph.input('x', 'float32', [4, 4])));
    expect(estimate(graph)).toEqual(estimateStepMemory(graph));
  });
});
