import { describe, expect, it } from 'vitest';
import { ReferenceEngine } from '../../test/oracles/reference/reference-engine.ts';
import { EngineError } from '../foundation/errors/engine-error.ts';
import type { Engine } from './engine.ts';
import { requireDevice } from './require-device.ts';

describe('requireDevice', () => {
  it('passes where the engine computes, and leaves no program behind', async () => {
    const engine = new ReferenceEngine();
    let open = 0;
    const watched: Engine = {
      description: engine.description,
      compile: async (...given) => {
        const program = await engine.compile(...given);
        open++;
        const release = async () => {
          open--;
          await program.release();
        };
        return { inputs: program.inputs, outputs: program.outputs, run: (...fed) => program.run(...fed), release };
      },
      hold: (value) => engine.hold(value),
      close: () => engine.close(),
      [Symbol.asyncDispose]: () => engine.close(),
    };
    await requireDevice(watched, 'webgpu');
    expect(open).toBe(0);
  });

  it('fails as the engine does, under the name of the device', async () => {
    const engine = new ReferenceEngine();
    engine.compile = async (_, options) => {
      throw new EngineError(`no ${options?.name} here`);
    };
    await expect(requireDevice(engine, 'webgpu')).rejects.toThrow(new EngineError('no webgpu here'));
  });
});
