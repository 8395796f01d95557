import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { evaluateEmbeddings } from './evaluate-embeddings.ts';
import { evaluateTriplets } from './evaluate-triplets.ts';
import { evaluationReportSchema, tripletReportSchema } from './evaluation-report.ts';

/** What PyTorch found, see retrieval.py beside the file. */
const golden = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        dimension: z.number(),
        labels: z.array(z.number()),
        embeddings: z.array(z.number()),
        triplets: z.array(z.tuple([z.number(), z.number(), z.number()])),
        queries: z.number(),
        measures: z.record(z.string(), z.number()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../test/golden/retrieval.json', import.meta.url), 'utf8')));

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const onCircle = (angles: readonly number[]) =>
  Float32Array.from(angles.flatMap((a) => [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)]));

describe('evaluateEmbeddings', () => {
  it.each(golden.cases.filter(({ name }) => name !== 'ties').map((given) => [given.name, given] as const))(
    'finds what PyTorch finds: %s',
    async (_, { dimension, labels, embeddings, queries, measures: { similarityPrecision: _drawn, ...expected } }) => {
      const report = await evaluateEmbeddings({
        embeddings: Float32Array.from(embeddings),
        dimension,
        labels,
        engine,
        ks: [1, 5],
        resamples: 200,
      });
      expect(report.queries).toBe(queries);
      expect(report.queriesWithoutRelevant).toBe(labels.length - queries);
      const found = Object.fromEntries(Object.entries(report.measures).map(([name, { value }]) => [name, value]));
      expect(Object.keys(found).sort()).toEqual([...Object.keys(expected), 'similarityPrecision'].sort());
      for (const [name, value] of Object.entries(expected)) expect(found[name]).toBeCloseTo(value, 6);
    },
  );

  it('is right by eye on a circle', async () => {
    // Class 1 at 0, 10 and 100; class 2 at 20 and 95; class 3 alone at 180.
    const report = await evaluateEmbeddings({
      embeddings: onCircle([0, 10, 100, 20, 95.5, 180]),
      dimension: 2,
      labels: [1, 1, 1, 2, 2, 3],
      engine,
      ks: [1, 2],
    });
    // Neighbours: 0 -> 10, 20; 10 -> 0, 20 (both 10 apart, the first row first but for rounding); 100 -> 95.5, 180;
    // 20 -> 10, 0; 95.5 -> 100, 20.
    const { recallAt2, precisionAt2, rPrecision, mapAtR } = report.measures;
    expect(recallAt2.value).toBeCloseTo(3 / 5, 12);
    expect(precisionAt2.value).toBeCloseTo((1 / 2 + 1 / 2 + 0 + 0 + 1 / 2) / 5, 12);
    expect(rPrecision.value).toBeCloseTo((1 / 2 + 1 / 2) / 5, 12);
    expect(mapAtR.value).toBeLessThanOrEqual(rPrecision.value);
    expect(report).toMatchObject({ images: 6, classes: 3, dimension: 2, queries: 5, queriesWithoutRelevant: 1 });
    expect(report.measures['recallAt1'].low).toBeLessThan(report.measures['recallAt1'].high);
  });

  it('searches the rows that are judged among all rows, the others being found but not asked', async () => {
    // Class 1 at 0, 10; class 2 at 19, 31; in the way stand class 3 at 9 and one more of class 2 at 33.
    const embeddings = onCircle([0, 10, 19, 31, 9, 33]);
    const judge = (queries?: number[]) =>
      evaluateEmbeddings({
        embeddings,
        dimension: 2,
        labels: [1, 1, 2, 2, 3, 2],
        engine,
        ks: [1, 2],
        ...(queries && { queries }),
      });
    const found = await judge([0, 1, 2, 3]);
    expect(found).toMatchObject({ images: 4, classes: 2, queries: 4, queriesWithoutRelevant: 0, gallery: 5 });
    // 0 -> 9, 10; 10 -> 9, 19; 19 -> 10, 9; 31 -> 33, 19.
    expect(found.measures['recallAt1'].value).toBeCloseTo(1 / 4, 12);
    expect(found.measures['recallAt2'].value).toBeCloseTo(2 / 4, 12);
    // Its triplets are of the four alone.
    const alone = await evaluateEmbeddings({
      embeddings: embeddings.slice(0, 8),
      dimension: 2,
      labels: [1, 1, 2, 2],
      engine,
      ks: [1],
    });
    expect(found.measures.similarityPrecision.value).toBe(alone.measures.similarityPrecision.value);
    expect(alone.gallery).toBe(3);
    expect((await judge([0, 1, 2, 3, 4, 5])).measures).toEqual((await judge()).measures);
  });

  it.each([[[1, 0]], [[0, 0]], [[0, 6]], [[0, 1.5]], [[-1, 2]]])('refuses to judge rows %j', async (queries) => {
    const judged = evaluateEmbeddings({
      embeddings: onCircle([0, 10, 20, 30, 40, 50]),
      dimension: 2,
      labels: [1, 1, 2, 2, 3, 3],
      engine,
      queries,
    });
    await expect(judged).rejects.toThrow('evaluation: queries must be ascending rows from 0 to 5, got');
  });

  it('draws whole classes for intervals over classes: wider where the pictures of a class are alike', async () => {
    // Of 20 classes half are far from everything, and half lie upon each other.
    const labels = Array.from({ length: 200 }, (_, image) => image % 20);
    const random = RandomSource.fromSeed(2);
    const embeddings = Float32Array.from(labels.flatMap((label) => [label < 10 ? label + 1 : random.uniform() - 9, 0]));
    const judge = (over?: 'queries' | 'classes') =>
      evaluateEmbeddings({ embeddings, dimension: 2, labels, engine, ...(over === undefined ? {} : { over }) });
    const [queries, classes] = [await judge(), await judge('classes')];
    expect(queries.intervals.over).toBe('queries');
    expect(classes.intervals.over).toBe('classes');
    for (const name of ['recallAt1', 'mapAtR', 'similarityPrecision']) {
      const [one, other] = [queries.measures[name], classes.measures[name]];
      expect(other.value).toBeCloseTo(one.value, 12);
      expect(other.high - other.low).toBeGreaterThan(1.5 * (one.high - one.low));
    }
  });

  it('gives 1 for classes apart and similarity precision near 1/2 for noise', async () => {
    const labels = Array.from({ length: 60 }, (_, image) => image % 6);
    const apart = onCircle(labels.map((label, image) => 60 * label + image / 20));
    const perfect = await evaluateEmbeddings({ embeddings: apart, dimension: 2, labels, engine, triplets: 500 });
    for (const [name, { value }] of Object.entries(perfect.measures)) {
      expect(value).toBeCloseTo(name === 'precisionAt10' ? 0.9 : 1, 12);
    }
    const random = RandomSource.fromSeed(1);
    const noise = Float32Array.from({ length: 60 * 8 }, () => random.normal());
    const { measures } = await evaluateEmbeddings({ embeddings: noise, dimension: 8, labels, engine });
    expect(Math.abs(measures.similarityPrecision.value - 0.5)).toBeLessThan(0.05);
    expect(measures.mapAtR.value).toBeLessThan(0.1);
    for (const { value, low, high } of Object.values(measures)) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
    }
  });

  it('reports the same for the same seed, as JSON that its schema accepts, and tells its progress', async () => {
    const labels = [4, 4, 4, 9, 9, 9];
    const embeddings = onCircle([0, 30, 50, 45, 70, 200]);
    const told: Progress[] = [];
    const run = (seed: number) =>
      evaluateEmbeddings({
        embeddings,
        dimension: 2,
        labels,
        engine,
        seed,
        onProgress: (progress) => told.push(progress),
      });
    const report = await run(7);
    expect(await run(7)).toEqual(report);
    expect(evaluationReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect((await run(8)).measures.similarityPrecision).not.toEqual(report.measures.similarityPrecision);
    expect(told).toEqual(new Array(3).fill({ work: 'judging', unit: 'queries', done: 6, total: 6 }));
  });

  it.each([
    [{ labels: [1, 1] }, 'evaluation: 3 embeddings of 2 numbers, but 2 labels'],
    [{ labels: [1, 1, 1] }, 'evaluation: 3 images in 1 classes: triplets need at least two classes'],
    [{ labels: [1, 2, 3] }, 'no class has two different images'],
    [{ labels: [1, 1, 0.5] }, 'the class of image 2 is 0.5'],
    [{ embeddings: Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY, 5, 6) }, 'embeddings: row 1 holds Infinity'],
    [{ ks: [1, 0] }, 'every K must be a whole number of at least 1, got 0'],
  ])('refuses %o', async (wrong, message) => {
    const given = { embeddings: new Float32Array(6), dimension: 2, labels: [1, 1, 2], engine };
    await expect(evaluateEmbeddings({ ...given, ...wrong })).rejects.toThrow(message);
  });
});

describe('evaluateEmbeddings from JavaScript', () => {
  const sound = { embeddings: new Float32Array(6), dimension: 2, labels: [1, 1, 2] };
  it.each<[object, string]>([
    [
      { ...sound },
      'engine: an engine is expected; it is missing (undefined); await OnnxruntimeEngine.create() gives one',
    ],
    [{ ...sound, engine: 'cpu' }, "engine: an engine is expected; this is the text 'cpu'"],
    [{ ...sound, labels: undefined }, 'labels: an array with the class of each image is expected; it is missing'],
    [
      { ...sound, embeddings: undefined },
      'embeddings: a Float32Array with the rows one after the other is expected; it is missing',
    ],
    [
      { ...sound, embeddings: [[1, 2]] },
      'is expected; this is an array of 1; of rows of numbers it is Float32Array.from(rows.flat())',
    ],
    [{ ...sound, embeddings: new Float64Array(6) }, 'is expected; this is a Float64Array of 48 bytes'],
    [{ ...sound, dimension: undefined }, 'dimension: a whole number of at least 1 is expected; it is missing'],
    [
      { ...sound, engine: { compile: () => undefined }, distance: 'l2' },
      'distance: one of euclidean, squared-euclidean, cosine, manhattan, hamming is expected',
    ],
  ])('says in words what is wrong: %o', async (given, message) => {
    await expect(Reflect.apply(evaluateEmbeddings, undefined, [given])).rejects.toThrow(message);
  });
});

describe('evaluateTriplets', () => {
  it.each(golden.cases.map((given) => [given.name, given] as const))(
    'finds what PyTorch finds: %s',
    (_, { dimension, embeddings, triplets, measures }) => {
      const report = evaluateTriplets({
        embeddings: Float32Array.from(embeddings),
        dimension,
        triplets: triplets.map(([query, positive, negative]) => ({ query, positive, negative })),
      });
      const { value, low, high } = report.measures.similarityPrecision;
      expect(value).toBeCloseTo(measures['similarityPrecision'], 12);
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(report).toMatchObject({
        triplets: 300,
        queries: new Set(triplets.map(([query]) => query)).size,
        dimension,
      });
      expect(tripletReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    },
  );

  it('refuses a row that is not there, and no triplets', () => {
    const given = { embeddings: new Float32Array(6), dimension: 2 };
    const triplets = [
      { query: 0, positive: 1, negative: 2 },
      { query: 0, positive: 3, negative: 2 },
    ];
    expect(() => evaluateTriplets({ ...given, triplets })).toThrow('triplet 1: its positive is row 3, but there are 3');
    expect(() => evaluateTriplets({ ...given, triplets: [] })).toThrow('there are no triplets to judge by');
  });
});
