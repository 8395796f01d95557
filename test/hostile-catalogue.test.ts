import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from './support/lookalike.ts';

// Names, files and stores that no well-meaning user has.
let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
const deep = Array.from({ length: 17 }, (_, n) => String(n).padStart(200, 'd')).join('/');
const names = [
  "it's.png",
  '"quoted".png',
  "' OR '1'='1.png",
  'x%27; DROP TABLE images; --.png',
  'back\\slash.png',
  'line\nbreak\r\n.png',
  '\u202eright to left \u05d0\u05d1.png',
  'e\u0301 and \u00e9.png',
  '😀 \u{10ffff}.png',
  '#train.png',
  `${'n'.repeat(251)}.png`,
  `${deep}/deep.png`,
];

beforeAll(async () => {
  work = await makeWorkplace();
  const pictures = (await readdir(at('pictures'), { recursive: true })).filter((name) => name.endsWith('.png')).sort();
  for (const [place, name] of names.entries()) {
    await mkdir(path.dirname(at('hostile', name)), { recursive: true });
    await cp(at('pictures', pictures[place % pictures.length]), at('hostile', name));
    // Each its own bytes.
    await writeFile(at('hostile', name), `${place}`, { flag: 'a' });
  }
  // Below what a path may have: it can be made from within alone.
  const further = `cd "$1" && for n in 1 2 3 4; do mkdir ${'f'.repeat(200)} && cd ${'f'.repeat(200)} || exit 1; done; echo x > far.png`;
  await promisify(execFile)('bash', ['-c', further, 'bash', at('hostile', deep)]);
});
// Node's own removal has no way into that folder.
afterAll(() => promisify(execFile)('rm', ['-rf', work.folder]));

const json = async (...argv: string[]) => JSON.parse((await work.lookalike(...argv, '--json')).stdout);

describe('hostile names of files', () => {
  it('are indexed, found, described, exported, taken back and removed', async () => {
    const quoted = names.map((name, place) => `"${name.replaceAll('"', '""')}",${place}\n`).join('');
    await writeFile(at('prices.csv'), `\ufeffid,price\n${quoted}`);
    const index = ['index', 'hostile', '-m', 'model.onnx', '-s', 'hostile.lance', '--metadata', 'prices.csv'];
    const report = await json(...index);
    expect(report).toMatchObject({ added: names.length, unreadable: [], metadata: { unknown: [], withoutRow: 0 } });
    expect(report.passedOver).toMatchObject([{ kind: 'unread' }]);
    expect(report.passedOver[0].id).toMatch(/f{200}\/$/);
    const ids = ['--store', 'hostile.lance'];
    const queries = names.flatMap((name) => ['--id', name]);
    const { searches } = await json('search', ...ids, ...queries, '-k', '1');
    expect(searches.map(({ results }: { results: [{ id: string }] }) => results[0].id)).toEqual(names);
    for (const place of [1, 2, 5]) {
      const name = names[place];
      const where = `id = '${name.replaceAll("'", "''")}' and price = ${place}`;
      const found = await json('search', ...ids, '--id', name, '--where', where);
      expect(found.results.map(({ id }: { id: string }) => id)).toEqual([name]);
    }
    for (const ending of ['parquet', 'jsonl']) {
      await work.lookalike('export', ...ids, '-o', `all.${ending}`);
      const taken = ['index', 'hostile', '-m', 'model.onnx', '-s', `${ending}.lance`, '--vectors', `all.${ending}`];
      const again = await work.lookalike(...taken);
      expect(again.stdout).toMatch(/12 added, 0 updated/);
      expect(again.stderr).not.toMatch(/indexing/);
    }
    expect(await json('verify', ...ids)).toMatchObject({ images: names.length, outdated: [], notFound: [] });
    await work.lookalike('remove', ...ids, '--', ...names.slice(0, 6));
    expect((await json('stores', 'hostile.lance')).stores[0].images).toBe(names.length - 6);
  });
});

describe('a store some of whose files are gone, cut, or something else', () => {
  const table = (...names: string[]) => at('broken.lance', 'images.lance', ...names);
  const file = async (folder: string, ending: string) =>
    table(folder, (await readdir(table(folder))).filter((name) => name.endsWith(ending)).sort()[0]);
  const damages: Readonly<Record<string, () => Promise<void>>> = {
    'no rows': () => rm(table('data'), { recursive: true }),
    'rows cut': async () => truncate(await file('data', '.lance'), 200),
    'other rows': async () => {
      const name = await file('data', '.lance');
      const { length } = await readFile(name);
      await writeFile(name, Buffer.alloc(length, 0x5a));
    },
    'no versions': () => rm(table('_versions'), { recursive: true }),
    'no manifest': async () => rm(await file('_versions', '.manifest')),
    'manifest cut': async () => truncate(await file('_versions', '.manifest'), 100),
    'other manifest': async () => writeFile(await file('_versions', '.manifest'), Buffer.alloc(900, 0x5a)),
  };

  beforeAll(async () => {
    await work.lookalike('index', 'pictures', '-m', 'model.onnx', '-s', 'whole.lance');
  });

  it.each(Object.keys(damages))(
    '%s: says that it is damaged, and what to do, and makes no other in its place',
    async (name) => {
      await rm(at('broken.lance'), { recursive: true, force: true });
      await cp(at('whole.lance'), at('broken.lance'), { recursive: true });
      await damages[name]();
      const before = await readdir(at('broken.lance'), { recursive: true });
      for (const argv of [
        ['search', 'pictures/bars/1.png', '-m', 'model.onnx', '-s', 'broken.lance'],
        ['index', 'pictures', '-m', 'model.onnx', '-s', 'broken.lance'],
        ['verify', '--repair', '-m', 'model.onnx', '-s', 'broken.lance'],
        ['stores', 'broken.lance'],
      ]) {
        expect(errorOf(await work.lookalike(...argv)), argv[0]).toMatch(
          /^the store 'broken.lance' is damaged \(.*\): bring it back from a copy, or remove it and index again; images that were added/,
        );
      }
      expect((await readdir(at('broken.lance'), { recursive: true })).sort()).toEqual(before.sort());
    },
  );

  it('does without what LanceDB can make again', async () => {
    await rm(at('broken.lance'), { recursive: true, force: true });
    await cp(at('whole.lance'), at('broken.lance'), { recursive: true });
    await rm(table('_transactions'), { recursive: true });
    await writeFile(table('_versions', 'latest_version_hint.json'), 'noise');
    const report = await json('index', 'pictures', '-m', 'model.onnx', '-s', 'broken.lance');
    expect(report).toMatchObject({ added: 0, removed: 0, unchanged: 12 });
  });
});
