import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  for (const group of ['one', 'two']) {
    await makePictures(at('shapes', group), { classes: 4, picturesPerClass: 4, size: 16 });
  }
});
afterAll(() => work.remove());

async function triplets(file: string): Promise<string[][]> {
  const [header, ...lines] = (await readFile(at(file), 'utf8')).trimEnd().split('\n');
  expect(header).toBe('query,positive,negative');
  return lines.map((line) => line.split(','));
}

describe('lookalike triplets --sampler relevance', () => {
  it('draws triplets by relevance, the same from the same seed', async () => {
    const argv = ['triplets', 'shapes', '--sampler', 'relevance', '--out-of-class', '0', '--count', '1500', '--json'];
    const { code, stdout, stderr } = await work.lookalike(...argv, '-o', 'a.csv');
    expect([code, stderr.replace(/.*\r/gs, '')]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(stdout)).toMatchObject({ triplets: 1500, withoutClass: 0, unreadable: [] });
    const rows = await triplets('a.csv');
    expect(rows).toHaveLength(1500);
    let concept = 0;
    for (const row of rows) {
      const [query, positive, negative] = row.map((file) => file.split('/'));
      expect([positive[1], negative[1]]).toEqual([query[1], query[1]]);
      expect(positive[2]).toBe(query[2]);
      if (negative[2] !== query[2]) concept++;
    }
    expect(concept).toBe(1500);
    await work.lookalike(...argv, '-o', 'b.csv');
    expect(await triplets('b.csv')).toEqual(rows);
    await work.lookalike(...argv, '-o', 'c.csv', '--seed', '1');
    expect(await triplets('c.csv')).not.toEqual(rows);
  });

  it.each([
    [
      ['--sampler', 'relevance', '--positives', '3'],
      '--positives 3 was given, but of triplets that are drawn like this --count',
    ],
    [['--count', '3'], '--count 3 was given, but of triplets that are drawn like this --positives and --negatives'],
    [['--relevance', 'hog'], '--relevance hog was given, but triplets are drawn uniformly'],
    [['--sampler', 'relevance', '--relevance', 'pairs:none.csv'], 'there is no such file'],
    [['--sampler', 'relevance', '--out-of-class', '2'], "must be a share from 0 to 1, got '2'"],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await work.lookalike('triplets', 'shapes', '-o', 'no.csv', ...argv);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(message);
  });
});

describe('lookalike train --sampler relevance', () => {
  it('learns by relevance from a file, says so, and writes it into config.json', async () => {
    const ids = ['one', 'two'].flatMap((group) => ['arrow', 'bars', 'cross', 'disc'].map((name) => `${group}/${name}`));
    const lines = ids.flatMap((id) => [
      `${id}/1.png,${id}/2.png,1`,
      `${id}/1.png,${id.split('/')[0]}/bars/3.png,0.2`,
      `${id}/2.png,${id.split('/')[0]}/bars/3.png,0.1`,
    ]);
    await writeFile(at('scores.csv'), `image,other,score\n${lines.join('\n')}\n`);
    const small = [
      '--size',
      '16',
      '--rows',
      '12',
      '--dimension',
      '8',
      '--threads',
      '1',
      '--steps',
      '2',
      '--held-out',
      '0',
    ];
    const argv = [
      'train',
      'shapes',
      '-o',
      'run',
      ...small,
      '--sampler',
      'relevance',
      '--relevance',
      'pairs:scores.csv',
    ];
    const run = await work.lookalike(...argv, '--out-of-class', '0.3', '--relevance-margin', '0.5');
    const { code, stdout, stderr } = withoutProgress(run);
    expect(code).toBe(0);
    // Two steps do not reach every class, and the fixture draws the same picture in several: the doctor says so, nothing else.
    const warned = stderr
      .split('\n')
      .filter((line) => !/warning: (Classes never visited|Contradictory labels): /.test(line));
    expect(warned).toEqual(['']);
    expect(stdout).toContain(
      `loss hinge; 2 steps of 12 images, 0.25 epochs; seed 0\ntriplets by relevance pairs:${at('scores.csv')}: margin 0.5, share of out-of-class negatives 0.3, at most 100 images held of a category\n`,
    );
    expect(JSON.parse(await readFile(at('run', 'config.json'), 'utf8')).sampler).toMatchObject({
      relevance: { kind: 'pairs', file: at('scores.csv') },
      outOfClass: 0.3,
      margin: 0.5,
    });
  });
});
