import { describe, expect, it } from 'vitest';
import type { Engine, HeldTensor } from '../../engines/engine.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { matmulSide, matmulSpeed } from './matmul-speed.ts';

/** An engine that takes its time and computes nothing. */
function slowEngine(milliseconds: readonly number[]) {
  const seen = { runs: 0, held: 0, released: 0, shapes: new Set<string>() };
  const hold = async ({ type, shape }: HeldTensor | Parameters<Engine['hold']>[0]): Promise<HeldTensor> => {
    seen.held++;
    seen.shapes.add(shape.join());
    return {
      type,
      shape,
      read: async () => tensor('float32', []),
      write: async () => undefined,
      release: async () => {
        seen.released++;
      },
    };
  };
  const engine: Engine = {
    description: 'slow',
    compile: async (graph) => ({
      inputs: graph.inputs.map(({ name }) => name),
      outputs: [...graph.outputs.keys()],
      run: async () => {
        const end = performance.now() + milliseconds[seen.runs++];
        while (performance.now() < end);
        return {};
      },
      release: async () => {
        seen.released++;
      },
    }),
    hold,
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { engine, seen };
}

describe('matmulSpeed', () => {
  it('is the work over the median time, the first run left out', async () => {
    const { engine, seen } = slowEngine([300, 20]);
    const flopPerSecond = await matmulSpeed(engine, 1);
    expect(seen).toMatchObject({ runs: 2, held: 3, released: 4, shapes: new Set([`${matmulSide},${matmulSide}`]) });
    const median = (2 * matmulSide ** 3) / flopPerSecond;
    expect(median).toBeGreaterThanOrEqual(0.02);
    expect(median).toBeLessThan(0.15);
  });
});
