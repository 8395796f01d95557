import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Triplet } from '../src/ranking/triplets/triplet.ts';

// The bench runs on the build, as its users run it; it is JavaScript, so its types are said here.
interface Options {
  readonly count: number;
  readonly outOfClass: number;
  readonly law: 'weighted' | 'uniform';
  readonly margin: number;
  readonly seed: number;
}
interface Relevance {
  readonly categories: Int32Array;
  readonly totals: Float64Array;
  between(a: number, b: number): number;
}
interface Summary {
  readonly value: number;
  readonly error: number;
}
interface Bench {
  gradedTriplets(relevance: Relevance, options: Options): Triplet[];
  hashOf(configuration: object): string;
  cachedResult(file: string, hash: string): Promise<object | undefined>;
  keepResult(file: string, result: object): Promise<void>;
  summarize(results: readonly object[], measure: string): Summary;
  compare(a: Summary, b: Summary): string;
  judge(matrix: Float32Array, labels: readonly number[]): { recallAt1: { value: number } };
  ablationDocument(results: readonly object[]): string;
}

const parts = ['graded-triplets', 'cache', 'summary', 'judge', 'document'];
const load = async (): Promise<Bench> =>
  Object.assign(
    {},
    ...(await Promise.all(parts.map((part) => import(new URL(`../bench/ablation/${part}.mjs`, import.meta.url).href)))),
  );
let bench: Bench;
let folder = '';
beforeAll(async () => {
  bench = await load();
  folder = await mkdtemp(path.join(tmpdir(), 'ablation-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Seven images in two categories; relevance 1, 0.1 or 0.01 within one. */
function relevance(): Relevance {
  const categories = Int32Array.of(0, 0, 0, 0, 1, 1, 1);
  const table = [
    [0, 1, 0.1, 0.01],
    [1, 0, 0.1, 0.01],
    [0.1, 0.1, 0, 0.01],
    [0.01, 0.01, 0.01, 0],
  ];
  const between = (a: number, b: number) => (a < 4 ? table[a][b] : a === b ? 0 : 0.1);
  const totals = Float64Array.from(categories, (category, a) =>
    [...categories.keys()].reduce((sum, b) => sum + (categories[b] === category && b !== a ? between(a, b) : 0), 0),
  );
  return { categories, totals, between };
}

/** The law written out: every query, positive and negative with its probability. */
function enumerated({ categories, totals, between }: Relevance, outside: boolean, law: string, margin: number) {
  const all = [...categories.keys()];
  const weigh = (r: number) => (law === 'weighted' ? r : 1);
  const shares = new Map<string, number>();
  for (const query of all) {
    const mates = all.filter((image) => image !== query && categories[image] === categories[query]);
    const least = outside ? 0 : Math.min(...mates.map((image) => between(query, image)));
    const positives = mates.filter((image) => between(query, image) - least >= margin);
    const positiveSum = positives.reduce((sum, image) => sum + weigh(between(query, image)), 0);
    for (const positive of positives) {
      const negatives = outside
        ? all.filter((image) => categories[image] !== categories[query])
        : mates.filter((image) => between(query, positive) - between(query, image) >= margin);
      const weightOf = (image: number) => (outside ? 1 : weigh(between(query, image)));
      const negativeSum = negatives.reduce((sum, image) => sum + weightOf(image), 0);
      for (const negative of negatives) {
        const share =
          ((weigh(totals[query]) * weigh(between(query, positive))) / positiveSum) * (weightOf(negative) / negativeSum);
        shares.set(`${query} ${positive} ${negative}`, share);
      }
    }
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return new Map([...shares].map(([name, share]) => [name, share / total]));
}

describe('triplets of the ablation', () => {
  it.each([
    ['weighted', 0],
    ['weighted', 1],
    ['uniform', 0],
    ['uniform', 1],
  ] as const)('have the law written out: %s, share out of class %i', (law, outOfClass) => {
    const count = 20_000;
    const drawn = bench.gradedTriplets(relevance(), { count, outOfClass, law, margin: 0.05, seed: 4 });
    const counts = new Map<string, number>();
    for (const { query, positive, negative } of drawn) {
      const name = `${query} ${positive} ${negative}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const expected = enumerated(relevance(), outOfClass === 1, law, 0.05);
    expect([...counts.keys()].filter((name) => !expected.has(name))).toEqual([]);
    for (const [name, share] of expected) {
      const deviation = Math.sqrt(count * share * (1 - share));
      expect(Math.abs((counts.get(name) ?? 0) - count * share)).toBeLessThan(5 * deviation);
    }
  });

  it('are the same for a seed, and refuse a margin that no triplet has', () => {
    const options = { count: 50, outOfClass: 0.5, law: 'weighted', margin: 0.05, seed: 1 } as const;
    const [once, again] = [bench.gradedTriplets(relevance(), options), bench.gradedTriplets(relevance(), options)];
    expect(again).toEqual(once);
    expect(bench.gradedTriplets(relevance(), { ...options, seed: 2 })).not.toEqual(once);
    expect(() => bench.gradedTriplets(relevance(), { ...options, margin: 2 })).toThrow('differ by 2');
  });
});

describe('results of the ablation', () => {
  it('are found again by their configuration alone, whatever the order of its keys', async () => {
    const hash = bench.hashOf({ seed: 1, settings: { a: 1, b: [2, 3] } });
    expect(bench.hashOf({ settings: { b: [2, 3], a: 1 }, seed: 1 })).toBe(hash);
    expect(bench.hashOf({ settings: { b: [3, 2], a: 1 }, seed: 1 })).not.toBe(hash);
    const file = path.join(folder, 'results', 'hog-0.json');
    expect(await bench.cachedResult(file, hash)).toBeUndefined();
    await bench.keepResult(file, { hash, row: 'hog' });
    expect(await bench.cachedResult(file, hash)).toEqual({ hash, row: 'hog' });
    expect(await bench.cachedResult(file, 'another')).toBeUndefined();
    expect(await readdir(path.dirname(file))).toEqual(['hog-0.json']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ hash, row: 'hog' });
  });

  it('are summed up over seeds: the mean, and both kinds of error', () => {
    const of = (value: number, half: number) => ({
      measures: { recallAt1: { value, low: value - half, high: value + half } },
    });
    // Queries: a standard error of 1; seeds 10, 12, 14: a deviation of 2, so 4 / 3 of the mean's variance.
    const { value, error } = bench.summarize([of(10, 1.96), of(12, 1.96), of(14, 1.96)], 'recallAt1');
    expect(value).toBe(12);
    expect(error).toBeCloseTo(Math.sqrt(1 + 4 / 3), 12);
    expect(bench.compare({ value: 5, error: 1 }, { value: 1, error: 1 })).toBe('above');
    expect(bench.compare({ value: 1, error: 1 }, { value: 5, error: 1 })).toBe('below');
    expect(bench.compare({ value: 5, error: 1 }, { value: 3, error: 1 })).toBe('undecided');
  });

  it('judge a ranking by hand: a query whose nearest is of its class, one whose is not, and one that is alone', () => {
    const matrix = Float32Array.of(-9, 1, 2, 3, 1, -9, 0, 3, 5, 4, -9, 3, 1, 1, 1, -9);
    expect(bench.judge(matrix, [0, 0, 7, 1]).recallAt1.value).toBe(0.5);
  });

  it('make a page that says where the order of the paper holds', () => {
    const result = (row: string, share: number) => {
      const measured = { value: share, low: share - 0.01, high: share + 0.01 };
      const score = { value: 1000 * share, low: 1000 * share - 10, high: 1000 * share + 10 };
      const measures = {
        precision: measured,
        precisionInClass: measured,
        precisionOutOfClass: measured,
        recallAt1: measured,
        scoreAtTop30: score,
      };
      return { row, seed: 0, configuration: {}, measures };
    };
    const page = bench.ablationDocument([
      result('wavelets', 0.6),
      result('hog', 0.7),
      result('oasis', 0.5),
      result('scales-emoji-single', 0.4),
      result('scales-emoji-multi', 0.401),
    ]);
    expect(page).toContain('- wavelet signatures < HOG: holds (60.0, 70.0).');
    expect(page).toContain('- HOG < OASIS on HOG: does not hold, it is the other way round (70.0, 50.0).');
    expect(page).toContain('- No difference that the runs could show: emoji by concept, unseen concepts.');
    expect(page).toMatch(/\| HOG +\| 70\.0 \(69\.0 to 71\.0\)/);
  });
});
