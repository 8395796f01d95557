import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { SpilledVectors } from './spilled-vectors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'spilled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('SpilledVectors', () => {
  it('gives vectors in the order of their places, whatever order they came in, and leaves no file', async () => {
    const places = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(places, fc.nat({ max: 7 }), async (given, cut) => {
        const vectorOf = (place: number) => Float32Array.of(place + 0.5, -place, 1 / (place + 1));
        const spilled = await SpilledVectors.beside(path.join(folder, 'x.npy'), 3);
        try {
          for (const some of [given.slice(0, cut), given.slice(cut)])
            await spilled.put(some.map((place) => ({ place, vector: vectorOf(place) })));
          const expected = Array.from({ length: 43 }, (_, place) =>
            given.includes(place) ? vectorOf(place) : new Float32Array(3),
          );
          expect([...(await spilled.get(0, 20)), ...(await spilled.get(20, 23))]).toEqual(expected);
        } finally {
          await spilled.close();
        }
      }),
      { numRuns: 30 },
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the file that it is for where nothing can be written', async () => {
    await expect(SpilledVectors.beside(path.join(folder, 'none', 'x.npy'), 3)).rejects.toThrow(
      /^cannot write '.*none\/x.npy': there is no such file or folder/,
    );
  });
});
