import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await writeFile(
    at('prices.jsonl'),
    '{"id":"bars/1.png","price":5,"since":"2024-03-01","tags":["a","b"],"sold":false}\n',
  );
  await work.lookalike('index', 'pictures', '-m', 'model.onnx', '--metadata', 'prices.jsonl');
});
afterAll(() => work.remove());

const json = async (...argv: string[]) => JSON.parse((await work.lookalike(...argv, '--json')).stdout);
const found = async (store: string) => (await json('search', 'pictures/arrow/1.png', '-k', '100', '-s', store)).results;

describe('lookalike export, embed and index --vectors', () => {
  it('write what the store holds, for each to read back', async () => {
    expect(await json('export', '-o', 'all.arrow')).toMatchObject({ images: 12 });
    await work.lookalike('export', '-o', 'all.jsonl');
    await work.lookalike('export', '-o', 'all.npy');
    const { readVectorFile } = await import('../../../catalogue/exchange/vector-file.ts');
    const [arrow, lines] = [await readVectorFile(at('all.arrow')), await readVectorFile(at('all.jsonl'))];
    expect(lines.rows).toEqual(arrow.rows);
    expect(lines.stamp).toEqual(arrow.stamp);
    expect(arrow.rows.find(({ id }) => id === 'bars/1.png')?.metadata).toEqual({
      ...{ class: 'bars', price: 5, sold: false, tags: ['a', 'b'] },
      since: new Date('2024-03-01'),
    });
    const npy = await readFile(at('all.npy'));
    const { dimension } = arrow.stamp;
    const head = npy.subarray(10, 10 + npy.readUInt16LE(8)).toString('latin1');
    expect(npy.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
    expect(head).toMatch(
      new RegExp(`^\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(12, ${dimension}\\), \\} *\\n$`),
    );
    expect((10 + head.length) % 64).toBe(0);
    const numbers = npy.subarray(10 + head.length);
    expect(numbers).toHaveLength(4 * 12 * dimension);
    expect(JSON.parse(await readFile(at('all.ids.json'), 'utf8'))).toEqual(arrow.rows.map(({ id }) => id));
    for (const [row, { vector }] of arrow.rows.entries()) {
      for (const [d, x] of vector.entries()) expect(numbers.readFloatLE(4 * (row * dimension + d))).toBe(x);
    }
    expect(await json('export', '-o', 'some.jsonl', '--where', 'price < 10')).toMatchObject({ images: 1 });
  });

  it('give the same store from shards as from one run, and embed nothing again', async () => {
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'whole.lance');
    const counts = [];
    for (const shard of ['1/3', '2/3', '3/3']) {
      const argv = ['embed', 'pictures', '-m', 'model.onnx', '--shard', shard, '-o'];
      const { images } = await json(...argv, `part-${shard[0]}.arrow`);
      await work.lookalike(...argv, `again-${shard[0]}.arrow`);
      expect(await readFile(at(`again-${shard[0]}.arrow`))).toEqual(await readFile(at(`part-${shard[0]}.arrow`)));
      counts.push(images);
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(Math.max(...counts)).toBeLessThan(12);
    const vectors = [1, 2, 3].flatMap((part) => ['--vectors', `part-${part}.arrow`]);
    const indexed = await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'parts.lance', ...vectors);
    expect(indexed.stderr).not.toMatch(/indexing/);
    expect(indexed.stdout).toMatch(/12 added, 0 updated, 0 removed, 0 unchanged/);
    expect(await found('parts.lance')).toEqual(await found('whole.lance'));
    expect(await json('verify', '-s', 'parts.lance')).toMatchObject({ images: 12, outdated: [], notFound: [] });
    // Of bytes that no file has, nothing is taken.
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'one.lance', '--vectors', 'some.jsonl');
    expect(await found('one.lance')).toEqual(await found('whole.lance'));
  });

  it('refuse other models, other files, and what is damaged', async () => {
    const error = async (...argv: string[]) => errorOf(await work.lookalike(...argv));
    const index = ['index', 'pictures', '-m', 'other.onnx', '-s', 'wrong.lance', '--vectors'];
    expect(await error(...index, 'all.arrow')).toMatch(
      /^the vectors of 'all.arrow' are of another model, 'model.onnx' \(SHA-256/,
    );
    expect(await error(...index, 'all.npy')).toMatch(/^'all.npy' does not say which model made it/);
    expect(await error('export', '-o', 'all.parquet')).toMatch(/ends in .parquet, expected .arrow, .jsonl, .npy/);
    expect(await error('export', '-o', 'x.npy', '--within', 'none')).toMatch(/there is nothing to export/);
    expect(await error('embed', 'pictures', '-o', 'x.npy', '--shard', '4/3')).toMatch(
      /must be a part of a number of parts/,
    );
    await writeFile(at('cut.arrow'), (await readFile(at('all.arrow'))).subarray(0, 900));
    expect(await error(...index, 'cut.arrow')).toMatch(/^'cut.arrow' is/);
    const [head, row] = (await readFile(at('all.jsonl'), 'utf8')).split('\n');
    await writeFile(at('bad.jsonl'), `${head}\n${row.slice(0, 60)}\n`);
    expect(await error(...index, 'bad.jsonl')).toMatch(/^line 2 of 'bad.jsonl' is no JSON/);
    await writeFile(at('bad.jsonl'), `${head}\n{"id":"a"}\n`);
    expect(await error(...index, 'bad.jsonl')).toMatch(/^line 2 of 'bad.jsonl' is no image with a vector: contentHash/);
    await writeFile(at('bad.jsonl'), `${row}\n`);
    expect(await error(...index, 'bad.jsonl')).toMatch(/^the first line of 'bad.jsonl' names no model/);
  });
});
