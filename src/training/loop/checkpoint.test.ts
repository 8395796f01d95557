import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../graph/safetensors/safetensors.ts';
import { float32, type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'checkpoint.safetensors');

const checkpoint: Checkpoint = {
  step: 300,
  tensors: new Map<string, Tensor>([
    ['conv1.weight', float32([2, 2], [0.1, -0, Number.NaN, 1e-45])],
    ['adamw.t', tensor('int64', [], BigInt64Array.of(300n))],
    ['sha256', float32([1], [1])],
  ]),
  state: {
    random: { masks: [-5, 2147483647, 0, 1], batches: [1, 2, 3, 4] },
    best: 0.1 + 0.2,
    note: `"sha256":"${'a'.repeat(64)}" ünï`,
  },
};

const messageOf = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );

describe('checkpoint', () => {
  it('gives back what was written', async () => {
    await writeCheckpoint(file, checkpoint);
    const read = await readCheckpoint(file);
    expect(read.step).toBe(300);
    expect(read.state).toEqual(checkpoint.state);
    expect(new Map([...read.tensors].sort())).toEqual(new Map([...checkpoint.tensors].sort()));
    expect(Object.is(read.tensors.get('conv1.weight')?.data[1], -0)).toBe(true);
  });

  it('gives each tensor memory of its own', async () => {
    await writeCheckpoint(file, checkpoint);
    for (const { data } of (await readCheckpoint(file)).tensors.values()) {
      expect(data.byteLength).toBe(data.buffer.byteLength);
    }
  });

  it('notices every altered byte and every cut', async () => {
    await writeCheckpoint(file, checkpoint);
    const bytes = readFileSync(file);
    const damaged = path.join(folder, 'damaged');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const altered = Uint8Array.from(bytes);
        altered[place] ^= change;
        writeFileSync(damaged, altered);
        expect(await messageOf(readCheckpoint(damaged))).toMatch(`cannot go on from '${damaged}': `);
        writeFileSync(damaged, bytes.subarray(0, place));
        expect(await messageOf(readCheckpoint(damaged))).toMatch(`cannot go on from '${damaged}': `);
      }),
      { numRuns: 300 },
    );
  });

  it('says what is wrong in one line', async () => {
    const next = 'name the checkpoint of another run, or train anew';
    await writeCheckpoint(file, checkpoint);
    const bytes = readFileSync(file);
    const damaged = path.join(folder, 'damaged');
    writeFileSync(damaged, bytes.fill(1, bytes.length - 1));
    expect(await messageOf(readCheckpoint(damaged))).toBe(
      `cannot go on from '${damaged}': it is not what was written: its digest does not fit; ${next}`,
    );
    writeFileSync(damaged, Buffer.concat([...encodeSafetensors(checkpoint.tensors)]));
    expect(await messageOf(readCheckpoint(damaged))).toBe(
      `cannot go on from '${damaged}': it holds tensors, but it is no checkpoint; ${next}`,
    );
    writeFileSync(damaged, Buffer.concat([...encodeSafetensors(new Map(), new Map([['format', 'pt']]))]));
    expect(await messageOf(readCheckpoint(damaged))).toBe(
      `cannot go on from '${damaged}': its format is 'pt', this version reads 'lookalike-checkpoint-1'; ${next}`,
    );
    copyFileSync(import.meta.filename, damaged);
    expect(await messageOf(readCheckpoint(damaged))).toMatch(/as a safetensors file: its header would be .*anew$/);
    expect(await messageOf(readCheckpoint(path.join(folder, 'none')))).toMatch(
      /^cannot read '.*none': there is no such file or folder \(ENOENT\); check the path/,
    );
  });

  it('refuses a state that JSON cannot hold, and keeps the file', async () => {
    await writeCheckpoint(file, checkpoint);
    const before = readFileSync(file);
    const broken = { ...checkpoint, state: { best: Number.NaN } };
    await expect(writeCheckpoint(file, broken)).rejects.toThrow('state.best is NaN, which JSON cannot hold');
    expect(readFileSync(file)).toEqual(before);
  });
});
