import { describe, expect, it } from 'vitest';
import { engineContract } from '../../../src/engines/engine.contract.ts';
import { Graph } from '../../../src/graph/builder/graph.ts';
import { add } from '../../../src/graph/builder/operations.ts';
import { float32 } from '../../../src/graph/tensor/tensor.ts';
import { ReferenceEngine } from './reference-engine.ts';

engineContract('ReferenceEngine', async () => new ReferenceEngine());

describe('ReferenceEngine', () => {
  const increment = () => {
    const graph = new Graph();
    graph.output('y', add(add(graph.input('x', 'float32', [1]), 1e-9), -1));
    return graph;
  };

  it('computes in float64 and rounds its results alone', async () => {
    const program = await new ReferenceEngine().compile(increment());
    // In float32 1 + 1e-9 is 1, and nothing would be left.
    expect(await program.run({ x: float32([1], [1]) })).toEqual({ y: float32([1], [1e-9 + 1 - 1]) });
  });

  it('refuses a feed that is no input of the graph', async () => {
    const program = await new ReferenceEngine().compile(increment());
    const one = () => float32([1], [1]);
    await expect(program.run({ x: one(), z: one() })).rejects.toThrow(/no input 'z'; it has: x/);
  });

  it('refuses a held tensor that has been released', async () => {
    const engine = new ReferenceEngine();
    const held = await engine.hold(float32([1], [1]));
    await held.release();
    await expect(held.read()).rejects.toThrow(/held float32 tensor of shape \[1\] has been released/);
    const program = await engine.compile(increment());
    await expect(program.run({ x: held })).rejects.toThrow(/has been released/);
  });

  it("refuses another engine's held tensor", async () => {
    const program = await new ReferenceEngine().compile(increment());
    const x = {
      type: 'float32' as const,
      shape: [1],
      read: async () => float32([1], [1]),
      write: async () => {},
      release: async () => {},
    };
    await expect(program.run({ x })).rejects.toThrow(/'x' is a tensor held by another engine/);
  });
});
