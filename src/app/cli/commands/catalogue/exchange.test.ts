import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import type { StoredVector } from '../../../../catalogue/stores/vector-store.ts';
import { commandsFor } from '../../command-list.ts';
import { runCommandLine } from '../../run-command-line.ts';

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
const table = async (file: string) => {
  const { readVectorFile } = await import('../../../../catalogue/exchange/vector-file.ts');
  const read = await readVectorFile(at(file));
  if ('named' in read) throw new Error(`'${file}' does not say which model made it`);
  const rows: StoredVector[] = [];
  for await (const some of read.rows()) rows.push(...some);
  return { stamp: read.stamp, rows };
};
const found = async (store: string) => (await json('search', 'pictures/arrow/1.png', '-k', '100', '-s', store)).results;

describe('lookalike export, embed and index --vectors', () => {
  it('write what the store holds, for each to read back', async () => {
    expect(await json('export', '-o', 'all.arrow')).toMatchObject({ images: 12 });
    for (const ending of ['parquet', 'jsonl', 'npy']) await work.lookalike('export', '-o', `all.${ending}`);
    const arrow = await table('all.arrow');
    for (const other of [await table('all.jsonl'), await table('all.parquet')]) {
      expect(other.rows).toEqual(arrow.rows);
      expect(other.stamp).toEqual(arrow.stamp);
    }
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

  it('leave nothing behind where they are stopped', async () => {
    const commands = [
      ['embed', at('pictures'), '-m', at('model.onnx'), '-o', at('stopped.arrow')],
      ['export', '-s', at('catalogue.lance'), '-o', at('stopped.npy')],
    ];
    for (const argv of commands) {
      for (const milliseconds of [0, 20, 60]) {
        const stopping = new AbortController();
        const streams = { stdout: { write: () => true }, stderr: { write: () => true }, signal: stopping.signal };
        const ended = runCommandLine(argv, streams, await commandsFor(argv), '0.0.0');
        setTimeout(() => stopping.abort(), milliseconds);
        await ended;
        expect((await readdir(work.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      }
    }
  });

  it('keep images that were added, and signs, in Parquet as in Arrow', async () => {
    await work.lookalike('index', 'pictures/bars', '-m', 'model.onnx', '-s', 'bits.lance', '--binary');
    await work.lookalike('add', 'pictures/disc/1.png', '--prefix', 'more/', '-s', 'bits.lance');
    for (const ending of ['arrow', 'parquet'])
      await work.lookalike('export', '-s', 'bits.lance', '-o', `bits.${ending}`);
    const parquet = await table('bits.parquet');
    expect(parquet).toEqual(await table('bits.arrow'));
    expect(parquet.rows.filter(({ addedFrom }) => addedFrom !== undefined).map(({ id }) => id)).toEqual(['more/1.png']);
    expect(new Set(parquet.rows.flatMap(({ vector }) => [...vector]))).toEqual(new Set([1, -1]));
  });

  it('give the same store from shards as from one run, and embed nothing again', async () => {
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'whole.lance');
    const counts = [];
    const files: string[] = [];
    for (const [n, ending] of ['arrow', 'parquet', 'jsonl'].entries()) {
      const argv = ['embed', 'pictures', '-m', 'model.onnx', '--shard', `${n + 1}/3`, '-o'];
      const { images } = await json(...argv, `part.${ending}`);
      await work.lookalike(...argv, `again.${ending}`);
      expect((await readFile(at(`again.${ending}`))).equals(await readFile(at(`part.${ending}`)))).toBe(true);
      counts.push(images);
      files.push(`part.${ending}`);
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(Math.max(...counts)).toBeLessThan(12);
    const vectors = files.flatMap((file) => ['--vectors', file]);
    const indexed = await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'parts.lance', ...vectors);
    expect(indexed.stderr).not.toMatch(/indexing/);
    expect(indexed.stdout).toMatch(/12 added, 0 updated, 0 removed, 0 unchanged/);
    expect(await found('parts.lance')).toEqual(await found('whole.lance'));
    expect(await json('verify', '-s', 'parts.lance')).toMatchObject({ images: 12, outdated: [], notFound: [] });
    // Of bytes that no file has, nothing is taken.
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'one.lance', '--vectors', 'some.jsonl');
    expect(await found('one.lance')).toEqual(await found('whole.lance'));
    const { dimension } = (await table('all.arrow')).stamp;
    await writeFile(at('nobody.jsonl'), JSON.stringify({ id: 'nobody.png', vector: new Array(dimension).fill(0) }));
    const none = await work.lookalike(
      'index',
      'pictures',
      '-m',
      'model.onnx',
      '-s',
      'n.lance',
      '--vectors',
      'nobody.jsonl',
    );
    expect(none.stderr).toMatch(
      /warning: none of the vectors that were given is of one of these images, .* all were embedded/,
    );
    expect(indexed.stdout).toMatch(/^12 vectors taken as given$/m);
  });

  it('refuse other models, other files, and what is damaged, and leave the store as it is', async () => {
    const error = async (...argv: string[]) => errorOf(await work.lookalike(...argv));
    const index = ['index', 'pictures', '-m', 'model.onnx', '--vectors'];
    expect(
      await error('index', 'pictures', '-m', 'other.onnx', '-s', 'wrong.lance', '--vectors', 'all.parquet'),
    ).toMatch(/^the vectors of 'all.parquet' are of another model, 'model.onnx' \(SHA-256/);
    expect(await error('export', '-o', 'all.csv')).toMatch(/ends in .csv, expected .parquet, .arrow, .jsonl, .npy/);
    expect(await error('export', '-o', 'x.npy', '--within', 'none')).toMatch(/there is nothing to export/);
    expect(await error('embed', 'pictures', '-o', 'x.npy', '--shard', '4/3')).toMatch(
      /must be a part of a number of parts/,
    );
    const before = await found('catalogue.lance');
    for (const ending of ['arrow', 'parquet', 'npy', 'jsonl']) {
      const whole = await readFile(at(`all.${ending}`));
      await writeFile(at('cut.ids.json'), await readFile(at('all.ids.json')));
      for (const length of [0, 6, 900, whole.length - 9]) {
        await writeFile(at(`cut.${ending}`), whole.subarray(0, length));
        expect(await error(...index, `cut.${ending}`), `${length} of ${ending}`).toMatch(
          /cut\.(arrow|parquet|npy|jsonl)'/,
        );
      }
    }
    expect(await error(...index, 'none.parquet')).toMatch(/none.parquet': there is no such file/);
    // A stamp that is none, and vectors that are not as long as it says: the file is named, and no store.
    const [stampLine, ...rest] = (await readFile(at('all.jsonl'), 'utf8')).split('\n');
    const written = async (...lines: string[]) => {
      await writeFile(at('odd.jsonl'), lines.join('\n'));
      return error(...index, 'odd.jsonl');
    };
    expect(await written('{"stamp": {"modelId": 5}}')).toMatch(
      /^'odd.jsonl' is damaged, .* its stamp, .* 'modelId' .*write it again$/,
    );
    const short = { ...JSON.parse(rest[0]), vector: [1, 2] };
    expect(await written(stampLine, JSON.stringify(short))).toMatch(
      /^the vector of '.*' in 'odd.jsonl' has 2 elements, and the file says \d+/,
    );
    const large = { ...JSON.parse(rest[0]) };
    large.vector[1] = 1e39;
    expect(await written(stampLine, JSON.stringify(large))).toMatch(
      /^element 1 of the vector of '.*' in 'odd.jsonl' is Infinity, expected/,
    );
    const { stamp } = JSON.parse(stampLine);
    const scaled = { ...stamp, preprocessing: stamp.preprocessing.replace(/}$/, ',"decode":"scaled"}') };
    expect(await written(JSON.stringify({ stamp: scaled }), ...rest)).toMatch(
      /^the pictures of 'odd.jsonl' were decoded scaled, and here they are decoded exact/,
    );
    expect(await found('catalogue.lance')).toEqual(before);
  });

  it('take the vectors of other programs by the names of images, if they are those of the model', async () => {
    const { rows } = await table('all.arrow');
    const named = (some: readonly object[]) => some.map((row) => `${JSON.stringify(row)}\n`).join('');
    const own = rows.map(({ id, vector }) => ({ id, vector: [...vector], note: 'beside' }));
    const error = async (store: string, ...lines: object[]) => {
      await writeFile(at('own.jsonl'), named(lines));
      return errorOf(
        await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', store, '--vectors', 'own.jsonl'),
      );
    };
    const [first, second, ...rest] = own;
    const broken = first.vector.map((x, d) => (d === 3 ? null : x));
    expect(await error('no.lance', { ...first, vector: broken })).toMatch(
      /^element 3 of the vector of 'arrow\/1.png' in 'own.jsonl, line 1' is null: expected a list of finite numbers/,
    );
    expect(await error('no.lance', second, { ...first, vector: [1, 2] })).toMatch(
      /^the vectors of 'own.jsonl' have 2 elements, and the model 'model.onnx' \(SHA-256 .*\) gives \d+/,
    );
    expect(await error('no.lance', first, second, first)).toMatch(/^two vectors are given for 'arrow\/1.png'/);
    expect(await error('no.lance', { name: 'x', vector: [1] })).toMatch(/^an id of 'own.jsonl, line 1' is undefined/);
    // Names that do not go with the rows, and another model's.
    const turned = { ...first, vector: first.vector.map((x) => -x) };
    expect(await error('no.lance', turned, second, ...rest)).toMatch(
      /^the vector that is given for 'arrow\/1.png' is not what the model makes of that picture: they are apart by 200% of its length/,
    );
    await writeFile(at('own.jsonl'), named(own.slice(0, 7)));
    await rename(at('all.ids.json'), at('kept.ids.json'));
    await rename(at('all.npy'), at('kept.npy'));
    for (const [file, store] of [
      ['own.jsonl', 'lines.lance'],
      ['kept.npy', 'array.lance'],
    ]) {
      await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', store, '--vectors', file);
      expect(await found(store)).toEqual(await found('whole.lance'));
    }
    await writeFile(at('kept.ids.json'), '["a"]');
    const argv = ['index', 'pictures', '-m', 'model.onnx', '-s', 'no.lance', '--vectors', 'kept.npy'];
    expect(errorOf(await work.lookalike(...argv))).toMatch(/^'kept.npy' has 12 rows, but 'kept.ids.json' 1 names/);
    await writeFile(at('kept.ids.json'), '{"a": 1}');
    expect(errorOf(await work.lookalike(...argv))).toMatch(/is no JSON array of texts/);
  });
});
