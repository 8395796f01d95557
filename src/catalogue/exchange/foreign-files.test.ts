import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVectorFile } from './vector-file.ts';

// test/golden/vectors.py says what made them.
const golden = path.join(import.meta.dirname, '../../../test/golden/vectors');
const names = ['a/1.png', "b, 'ü'.png", 'c.png'];
const expected = names.map((id, row) => ({
  id,
  vector: Float32Array.from([0, 1, 2, 3], (d) => (4 * row + d) / 8 - 0.5),
}));

async function all<Row>(lists: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const list of lists) rows.push(...list);
  return rows;
}

describe('tables of names and vectors that other programs wrote', () => {
  it.each([
    ...['fixed-zstd.parquet', 'lists-gzip.parquet', 'lists-brotli.parquet', 'duckdb.parquet'],
    ...['lists.arrow', 'f4.npy', 'f8.npy', 'big.npy'],
  ])('%s', async (file) => {
    const read = await readVectorFile(path.join(golden, file));
    if ('stamp' in read) throw new Error(`'${file}' says which model made it`);
    // As often as wanted.
    for (let time = 0; time < 2; time++) expect(await all(read.named())).toEqual(expected);
  });

  it.each([
    ['fortran.npy', /no array of two dimensions in the order of C/],
    ['flat.npy', /no array of two dimensions/],
    ['integers.npy', /elements of the type '<i4', expected float32/],
    [
      'none.npy',
      /cannot read .*none.ids.json', which says of which images the rows of '.*none.npy' are: there is no such file/,
    ],
  ])('%s is refused', async (file, message) => {
    await expect(readVectorFile(path.join(golden, file))).rejects.toThrow(message);
  });
});
