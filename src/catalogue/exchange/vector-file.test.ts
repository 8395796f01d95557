import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { StoredVector } from '../stores/vector-store.ts';
import { readVectorFile, vectorFileEndings, writeVectorFile } from './vector-file.ts';
import { rowsAtATime, type VectorRows } from './vector-table.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vector-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stamp = {
  modelId: 'a'.repeat(64),
  modelName: 'model.onnx',
  dimension: 5,
  distance: 'euclidean',
  preprocessing: '{}',
} as const;
const rowOf = (n: number): StoredVector => ({
  ...{ id: `${n}.png`, contentHash: String(n).padStart(64, '0'), modifiedAt: 0, byteLength: n },
  // Nothing is known of most: whole lists of rows have empty columns.
  ...(n === 2500 ? { metadata: { price: 5, tags: ['a', 'b'] } } : {}),
  vector: Float32Array.from({ length: 5 }, (_, d) => Math.fround((n + 1) / (d + 3))),
});
async function* listed(count: number): AsyncGenerator<StoredVector[]> {
  for (let n = 0; n < count; n += rowsAtATime) {
    yield Array.from({ length: Math.min(rowsAtATime, count - n) }, (_, row) => rowOf(n + row));
  }
}
const fields = [
  { name: 'price', kind: 'number' },
  { name: 'tags', kind: 'list' },
] as const;
const table = (rows: VectorRows['rows']): VectorRows => ({ stamp, fields, added: false, rows });
const at = (ending: string) => path.join(folder, `x${ending}`);

describe.each(vectorFileEndings.filter((ending) => ending !== '.npy'))('vectors in %s', (ending) => {
  it.each([0, 1, 1000, 3001])('%d rows, as they come and as often as wanted', async (count) => {
    await writeVectorFile(at(ending), table(listed(count)));
    const read = await readVectorFile(at(ending));
    if ('named' in read) throw new Error('it does not say which model made it');
    expect(read.stamp).toEqual(stamp);
    for (let time = 0; time < 2; time++) {
      const lists: (readonly StoredVector[])[] = [];
      for await (const list of read.rows()) lists.push(list);
      expect(Math.max(0, ...lists.map((list) => list.length))).toBeLessThanOrEqual(rowsAtATime);
      const rows = lists.flat();
      expect(rows).toHaveLength(count);
      for (const [n, row] of rows.entries()) if (n % 500 === 0 || n === 3000) expect(row).toEqual(rowOf(n));
    }
  });
});

describe.each(vectorFileEndings)('rows of %s', (ending) => {
  it('are on disk before the next but one are asked for', async () => {
    for (const file of readdirSync(folder)) rmSync(path.join(folder, file));
    const dimension = 512;
    const rowBytes = 4 * dimension;
    const behind: number[] = [];
    async function* watched(): AsyncGenerator<StoredVector[]> {
      for (let list = 0; list < 6; list++) {
        const sizes = readdirSync(folder).map((file) => statSync(path.join(folder, file)).size);
        behind.push(list * rowsAtATime * rowBytes - Math.max(0, ...sizes));
        yield Array.from({ length: rowsAtATime }, (_, n) => ({
          ...rowOf(list * rowsAtATime + n),
          metadata: undefined,
          vector: new Float32Array(dimension).fill(n),
        }));
      }
    }
    await writeVectorFile(at(ending), { ...table(watched()), stamp: { ...stamp, dimension } });
    expect(behind).toHaveLength(6);
    // Beside the rows that were given last there is a block of 1 MiB that is gathered.
    expect(Math.max(...behind)).toBeLessThan(rowsAtATime * rowBytes + 2 ** 20);
  });

  it('are read without those that come later', async () => {
    const file = at(ending);
    await writeVectorFile(file, table(listed(3000)));
    const whole = readFileSync(file);
    // Something else in the middle: of lines no JSON, of others a length or an element that is none.
    whole.fill(0xff, Math.floor(0.45 * whole.length), Math.floor(0.8 * whole.length));
    writeFileSync(file, whole);
    const read = await readVectorFile(file);
    const lists = ('named' in read ? read.named() : read.rows())[Symbol.asyncIterator]();
    expect((await lists.next()).value).toHaveLength(rowsAtATime);
    const rest = async () => {
      while ((await lists.next()).done !== true);
    };
    await expect(rest()).rejects.toThrow(path.basename(file));
  });
});

describe.each(vectorFileEndings)('what cannot be written into %s', (ending) => {
  const refused = async (rows: readonly StoredVector[]) =>
    writeVectorFile(
      at(ending),
      table(
        (async function* () {
          yield* listed(1000);
          yield rows;
        })(),
      ),
    );

  it('leaves no file, nor one under a temporary name', async () => {
    for (const file of readdirSync(folder)) rmSync(path.join(folder, file));
    await expect(refused([rowOf(7)])).rejects.toThrow(/^two rows of '.*' have the id '7.png': give each image once/);
    const nan = { ...rowOf(2000), vector: Float32Array.of(1, 2, Number.NaN, 4, 5) };
    await expect(refused([nan])).rejects.toThrow(/^element 2 of the vector of '2000.png' is NaN/);
    await expect(refused([{ ...rowOf(2000), metadata: { size: 1 } }])).rejects.toThrow(
      /has the field 'size', which is none of those that were told before its rows/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
