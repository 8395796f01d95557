import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesOf } from '../../../test/support/places-of.ts';
import { relevanceFileHash } from './load-relevance.ts';
import { metadataOverlap } from './metadata-relevance.ts';
import { pairScores } from './pair-scores.ts';
import type { RelevanceImages } from './relevance-images.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'relevance-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Six images on disk by name; the last is of the dataset, but not asked about. 3 and 4 look the same. */
function sixImages(): RelevanceImages {
  const images = [0, 1, 2, 3, 4, 5].map((k) => ({
    id: `owls/${k}.jpg`,
    source: { kind: 'file', path: path.join(folder, 'pictures', 'owls', `${k}.jpg`) } as const,
    label: 0,
  }));
  return {
    dataset: { root: 'pictures', layout: 'class-folders', images, classes: ['owls'] },
    places: placesOf([0, 1, 2, 3, 4]),
    twins: [0, 1, 2, 3, 3],
  };
}
const categories = Int32Array.of(0, 0, 0, 1, 0);
let written = 0;
async function csv(text: string): Promise<string> {
  const file = path.join(folder, `${written++}.csv`);
  await writeFile(file, text);
  return file;
}

describe('pairScores', () => {
  it('takes names and scores without the blanks around them, whatever ends lines', async () => {
    const file = await csv('image , other,score\r owls/0.jpg,owls/1.jpg , 2\r');
    expect((await pairScores(sixImages(), categories, file)).between(0, 1)).toBe(2);
    const data = await csv(' image,tag\r owls/0.jpg , b;a\r\towls/1.jpg,a\r');
    expect((await metadataOverlap(sixImages(), data))(0, 1)).toBe(1 / 2);
  });

  it('reads pairs in either order, by id, by path relative to the file and by absolute path', async () => {
    const file = await csv(
      `\uFEFFother,note,score,IMAGE\nowls/1.jpg,x,0.5,owls/0.jpg\npictures/owls/2.jpg,,2,${path.join(folder, 'pictures/owls/1.jpg')}\n` +
        'owls/0.jpg,again,0.5,owls/1.jpg\nowls/5.jpg,not asked about,1,owls/0.jpg\nowls/3.jpg,other category,1,owls/0.jpg\n',
    );
    const { between, totals, estimatedTotals, pairs, pairsIgnored } = await pairScores(sixImages(), categories, file);
    const table = [0, 1, 2, 3, 4].map((a) => [0, 1, 2, 3, 4].map((b) => between(a, b)));
    expect(table).toEqual([
      [0, 0.5, 0, 0, 0],
      [0.5, 0, 2, 0, 0],
      [0, 2, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect([...totals]).toEqual([0.5, 2.5, 2, 0, 0]);
    expect({ estimatedTotals, pairs, pairsIgnored }).toEqual({ estimatedTotals: 0, pairs: 2, pairsIgnored: 1 });
  });

  it.each([
    ['image,other\na,b\n', "has no column 'score', only 'image', 'other'"],
    [
      'image,other,score\nowls/0.jpg,owls/9.jpg,1\n',
      /line 2 of '.*' names 'owls\/9.jpg', which is not among the images/,
    ],
    ['image,other,score\nowls/0.jpg,owls/1.jpg,-1\n', /line 2 of '.*' has the score '-1'/],
    ['image,other,score\nowls/0.jpg,owls/1.jpg,\n', "has the score ''"],
    ['image,other,score\nowls/0.jpg,owls/1.jpg,1e999\n', "has the score '1e999'"],
    ['image,other,score\nowls/0.jpg,owls/0.jpg,1\n', "pairs 'owls/0.jpg' with itself"],
    [
      'image,other,score\nowls/0.jpg,owls/1.jpg,1\nowls/1.jpg,owls/0.jpg,2\n',
      /line 3 .* the score 2, a line before it 1/,
    ],
    [
      'image,other,score\nowls/0.jpg,owls/3.jpg,1\n',
      'has no pair of two images of one category to learn from (1 pairs',
    ],
    ['image,other,score\nowls/0.jpg,owls/1.jpg\n', 'is not a CSV'],
    ['', 'has no pair'],
  ])('refuses %j', async (text, message) => {
    await expect(pairScores(sixImages(), categories, await csv(text))).rejects.toThrow(message);
  });

  it('says which file is missing', async () => {
    const missing = path.join(folder, 'missing.csv');
    await expect(pairScores(sixImages(), categories, missing)).rejects.toThrow(`cannot read '${missing}': there is no`);
    await expect(relevanceFileHash({ kind: 'pairs', file: missing })).rejects.toThrow(`cannot read '${missing}'`);
  });
});

describe('metadataOverlap', () => {
  it('is the share of attributes that both have', async () => {
    const file = await csv(
      'colour,image,tags\nred,owls/0.jpg,a; b ;c\nred,owls/1.jpg,b;c;d;d\nblue,owls/2.jpg,red\n,owls/3.jpg,\nred,owls/5.jpg,a\n',
    );
    const between = await metadataOverlap(sixImages(), file);
    // {red, a, b, c} and {red, b, c, d}: three of five.
    expect(between(0, 1)).toBeCloseTo(3 / 5, 12);
    expect(between(1, 0)).toBe(between(0, 1));
    // The word red in another column is another attribute.
    expect(between(0, 2)).toBe(0);
    // Without any attribute, and without a line.
    expect([between(0, 3), between(3, 4), between(2, 4)]).toEqual([0, 0, 0]);
  });

  it.each([
    ['colour,tags\nred,a\n', "has no column 'image' or 'path' or 'file'"],
    ['image\nowls/0.jpg\n', 'has no column of metadata'],
    ['image,tag\nowls/7.jpg,a\n', "line 2 of '.*' names 'owls/7.jpg', which is not among"],
    ['image,tag\nowls/0.jpg,a\nowls/0.jpg,b\n', "line 3 of '.*' names 'owls/0.jpg' again"],
    ['image,tag\nowls/0.jpg,\n', 'has no metadata of the images'],
  ])('refuses %j', async (text, message) => {
    await expect(metadataOverlap(sixImages(), await csv(text))).rejects.toThrow(new RegExp(message));
  });
});

describe('relevanceFileHash', () => {
  it('is the SHA-256 of the file, empty where there is none', async () => {
    const file = await csv('abc');
    expect(await relevanceFileHash({ kind: 'metadata', file })).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(await relevanceFileHash({ kind: 'hog' })).toBe('');
  });
});
