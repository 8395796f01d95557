import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await copyFile(at('pictures', 'arrow', '1.png'), at('pictures', 'arrow', 'copy.png'));
  await writeFile(at('pictures', 'disc', 'broken.jpg'), 'text');
  await mkdir(at('pictures', 'lone'));
  await copyFile(at('pictures', 'cross', '1.png'), at('pictures', 'lone', '1.png'));
});
afterAll(() => work.remove());

async function rowsOf(file: string): Promise<string[][]> {
  const [header, ...lines] = (await readFile(at(file), 'utf8')).trimEnd().split('\n');
  expect(header).toBe('query,positive,negative');
  return lines.map((line) => line.split(','));
}

describe('lookalike triplets', () => {
  it('writes triplets of readable, different images, with paths relative to the file', async () => {
    await mkdir(at('out'));
    const { code, stdout, stderr } = await work.lookalike(
      'triplets',
      'pictures',
      '-o',
      'out/t.csv',
      '--negatives',
      '2',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // 3 classes of 3 pictures with 2 positives each; in arrow, 2 of 4 are copies: 2 * 2 + 2 * 3 pairs.
    expect(stdout).toMatch(
      /^out\/t.csv: 56 triplets of 13 queries\n1 class of a single image gave negatives only\n1 image left out:\n {2}disc\/broken.jpg: /,
    );
    const rows = await rowsOf('out/t.csv');
    expect(rows).toHaveLength(56);
    const classOf = (file: string) => file.split('/')[2];
    for (const [query, positive, negative] of rows) {
      expect(query.startsWith('../pictures/')).toBe(true);
      expect(classOf(positive)).toBe(classOf(query));
      expect(classOf(negative)).not.toBe(classOf(query));
      expect([query, positive, negative].join()).not.toMatch(/broken/);
      const copies = ['../pictures/arrow/1.png', '../pictures/arrow/copy.png'];
      expect(copies.includes(query) && copies.includes(positive)).toBe(false);
    }
  });

  it('draws the same triplets from the same seed', async () => {
    const draw = async (file: string, seed: string) => {
      const { stdout } = await work.lookalike(
        'triplets',
        'pictures',
        '-o',
        file,
        '--positives',
        '1',
        '--seed',
        seed,
        '--json',
      );
      expect(JSON.parse(stdout)).toMatchObject({ output: file, triplets: 13, queries: 13, classesOfOneImage: 1 });
      return rowsOf(file);
    };
    const first = await draw('a.csv', '4');
    expect(await draw('b.csv', '4')).toEqual(first);
    expect(await draw('c.csv', '5')).not.toEqual(first);
  });

  it('keeps the old file when the disk is full', async () => {
    await work.lookalike('triplets', 'pictures', '-o', 'kept.csv', '--positives', '1');
    const before = await readFile(at('kept.csv'));
    const full = await work.spawnedOnFullDisk(1, 'triplets', 'pictures', '-o', 'kept.csv', '--negatives', '9');
    expect(full.code).toBe(1);
    expect(errorOf(full)).toMatch(/^cannot write 'kept.csv': .*\(EFBIG\)/);
    expect(await readFile(at('kept.csv'))).toEqual(before);
    expect((await readdir(work.folder)).filter((name) => /kept/.test(name))).toEqual(['kept.csv']);
  });

  it('writes triplets.csv by default, and never over one that is there', async () => {
    const { code, stdout } = await work.lookalike('triplets', 'pictures', '--json');
    expect({ code, output: JSON.parse(stdout).output }).toEqual({ code: 0, output: 'triplets.csv' });
    const written = await readFile(at('triplets.csv'), 'utf8');
    expect(written).toMatch(/^query,positive,negative\n/);
    const again = await work.lookalike('triplets', 'pictures', '--seed', '1');
    expect(again.code).toBe(2);
    expect(errorOf(again)).toMatch(/^there is a 'triplets.csv' already: name the file to write with --output/);
    expect(await readFile(at('triplets.csv'), 'utf8')).toBe(written);
  });

  it.each([
    ['a missing folder', ['nowhere', '-o', 'x.csv'], 1, /there is nothing at '.*nowhere'/],
    ['an empty folder', ['empty', '-o', 'x.csv'], 1, /'.*empty'/],
    ['a folder with one class', ['single', '-o', 'x.csv'], 1, /at least two classes/],
    ['an unwritable output', ['pictures', '-o', 'model.onnx/x.csv'], 1, /cannot write 'model.onnx\/x.csv'/],
    [
      'a senseless number',
      ['pictures', '-o', 'x.csv', '--positives', '0'],
      2,
      /'--positives <n>' must be a whole number of at least 1, got '0'/,
    ],
  ])('explains %s in one line', async (_, argv, code, message) => {
    await mkdir(at('empty'), { recursive: true });
    await mkdir(at('single', 'only'), { recursive: true });
    for (const name of ['1.png', '2.png']) await copyFile(at('pictures', 'disc', name), at('single', 'only', name));
    const finished = await work.lookalike('triplets', ...argv);
    expect(finished.code).toBe(code);
    expect(errorOf(finished)).toMatch(message);
  });
});
