import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { mean } from '../../foundation/numbers/mean.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { imagePlace } from '../../pictures/datasets/image-place.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import { MatrixProducts } from '../../ranking/closed-forms/matrix-products.ts';
import { FeatureTable } from '../data/feature-table.ts';
import type { TrainingData } from '../data/training-data.ts';
import { evaluateRows, scoresOf } from './evaluate-rows.ts';
import { startMaterial } from './start-material.ts';
import { strongStart } from './strong-start.ts';
import type { StrongStartOptions } from './strong-start-options.ts';
import { trainHead } from './train-head.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create();
});
afterAll(() => engine.close());

/** Pictures as their features: a direction a class, and noise that is the same kind in every class. */
function drawn(classes: number, each: number, length: number, noise: (column: number) => number, seed = 11) {
  const random = RandomSource.fromSeed(seed, 'start');
  const centres = Array.from({ length: classes }, () => Array.from({ length }, () => random.normal()));
  const labels = Array.from({ length: classes * each }, (_, row) => row % classes);
  const rows = labels.map((label) => {
    const row = centres[label].map((value, column) => value + noise(column) * random.normal());
    const size = Math.hypot(...row);
    return Float32Array.from(row, (value) => value / size);
  });
  return { labels, rows };
}

function options(
  labels: readonly number[],
  rows: readonly Float32Array[],
  more: Partial<StrongStartOptions> = {},
): StrongStartOptions {
  const places = rows.map((_, place) => place);
  const data = {
    train: places,
    labels: Int32Array.from(labels),
    digests: new Map(places.map((place) => [place, `${place}`])),
  } as unknown as TrainingData;
  // A trunk is only handed on.
  const trunk = { config: { pooling: 'mean' } } as unknown as Trunk;
  return {
    engine,
    data,
    seed: 0,
    expect: 'new-classes',
    dimension: undefined,
    trunks: [{ trunk, name: "'cut'" }],
    parts: [],
    features: new FeatureTable(new Map(rows.map((row, place) => [imagePlace(place), row])), rows[0].length),
    lengths: [rows[0].length],
    baselines: () => Promise.resolve([]),
    timeLeft: () => true,
    ...more,
  };
}

describe('strongStart', () => {
  it('takes the scatter within classes where pictures of a class differ along a few directions, and is better for it', async () => {
    const { labels, rows } = drawn(24, 6, 32, (column) => (column < 6 ? 6 : 0.2));
    const { start, report, weights, embeddingDimension, unseen } = await strongStart(options(labels, rows));
    expect(start.form.kind).toBe('within-class');
    const [untouched, kept] = ['untouched', 'kept'].map((name) => start.newClasses.find((line) => line.name === name)!);
    expect(kept.mapAtR.value).toBeGreaterThan(untouched.mapAtR.value + 0.1);
    expect(report.measures.mapAtR.value).toBe(kept.mapAtR.value);
    expect(new Set(unseen.labels).size).toBe(24);
    expect(unseen.parts).toEqual([48, 48, 48]);
    expect(unseen.data.length).toBe(144 * unseen.dimension);
    expect(report).toMatchObject({ images: 144, classes: 24, queries: 144, intervals: { over: 'other-classes' } });
    expect(weights.get('embedding.weight')!.shape).toEqual([embeddingDimension, 32]);
    expect(start.reasons.join('\n')).toContain("features: 'cut', less what differs within classes");
  });

  it('says of new classes what new classes say', async () => {
    const all = drawn(48, 6, 32, (column) => (column < 6 ? 6 : 0.2));
    const [learnt, unseen] = [0, 1].map((half) =>
      all.labels.flatMap((label, row) => (label % 2 === half ? [row] : [])),
    );
    const { weights, report } = await strongStart(
      options(
        learnt.map((row) => all.labels[row]),
        learnt.map((row) => all.rows[row]),
      ),
    );
    const weight = weights.get('embedding.weight')!;
    const bias = weights.get('embedding.bias')!;
    const dimension = bias.shape[0];
    const embeddings = Float32Array.from(
      unseen.flatMap((row) => mapped(all.rows[row], weight.data as Float32Array, bias.data as Float32Array)),
    );
    const evaluated = await evaluateRows({
      engine,
      embeddings,
      dimension,
      labels: unseen.map((row) => all.labels[row]),
    });
    const { value: said, low, high } = report.measures['recallAt1'];
    const found = mean(evaluated.measures.get('recallAt1')!);
    expect(Math.abs(found - said)).toBeLessThan(0.1);
    expect(found).toBeGreaterThanOrEqual(low);
    expect(found).toBeLessThanOrEqual(high);
  });

  it('keeps features as they come where nothing is to be learnt', async () => {
    const random = RandomSource.fromSeed(5);
    const { rows } = drawn(12, 6, 16, () => 1);
    const labels = rows.map((_, row) => row % 12);
    const shuffled = labels.map(() => random.integer(12));
    const { start } = await strongStart(options(shuffled, rows));
    const [untouched, kept] = ['untouched', 'kept'].map((name) => start.newClasses.find((line) => line.name === name)!);
    expect(kept.mapAtR.value).toBeGreaterThan(untouched.mapAtR.value - 0.03);
    expect(start.share).toBe(0);
  });

  it('judges by pictures where there are too few classes to make folds of', async () => {
    const { labels, rows } = drawn(3, 12, 8, () => 0.5);
    const { start, report } = await strongStart(options(labels, rows, { expect: 'both' }));
    expect(start.newClasses).toEqual([]);
    expect(start.knownClasses.map(({ name }) => name)).toContain('kept');
    expect(report.queries).toBe(36);
  });

  it('judges a handful of pictures, of which no fold makes a triplet', async () => {
    const { labels, rows } = drawn(2, 3, 8, () => 0.5);
    const { report } = await strongStart(options(labels, rows, { timeLeft: () => false }));
    expect(report).toMatchObject({ images: 6, classes: 2, queries: 6 });
    expect(report.measures.similarityPrecision.value).toBeGreaterThanOrEqual(0);
  });

  it('judges few classes by leaving out one after the other', async () => {
    const { labels, rows } = drawn(5, 6, 8, () => 0.5);
    const { start, report, unseen } = await strongStart(options([...labels, 5], [...rows, rows[0]]));
    expect(start.newClasses.map(({ name }) => name)).toContain('kept');
    expect(report).toMatchObject({ images: 31, classes: 6, queries: 30, queriesWithoutRelevant: 1 });
    expect(report.measures.similarityPrecision.value).toBeGreaterThan(0.5);
    // Every two of the five are told apart by a head that has learnt neither.
    expect(unseen.parts).toEqual(Array.from({ length: 10 }, () => 12));
  });

  it('keeps all directions of features where all are kept, however few the pictures', async () => {
    const { labels, rows } = drawn(3, 4, 32, () => 0.5);
    const { start, weights, embeddingDimension } = await strongStart(options(labels, rows, { timeLeft: () => false }));
    expect(start.reasons.find((reason) => reason.startsWith('length'))).toMatch(/^length: 32 numbers \(32: /);
    expect(embeddingDimension).toBe(32);
    expect(weights.get('embedding.weight')!.shape).toEqual([32, 32]);
  });

  it('keeps of few pictures what no picture has at the strength that it comes with', async () => {
    const { labels, rows } = drawn(3, 4, 600, () => 0.5);
    const { weights, embeddingDimension } = await strongStart(options(labels, rows, { timeLeft: () => false }));
    expect(embeddingDimension).toBe(512);
    const { data } = weights.get('embedding.weight')!;
    const lengths = Array.from({ length: 512 }, (_, row) =>
      Math.hypot(...(data as Float32Array).subarray(row * 600, (row + 1) * 600)),
    );
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeCloseTo(1, 5);
  });

  it('compares no lengths of which few pictures say nothing', async () => {
    const { labels, rows } = drawn(3, 4, 200, () => 0.5);
    const { start, embeddingDimension, weights } = await strongStart(options(labels, rows));
    expect(start.reasons.join('\n')).toMatch(/^length: 200 numbers \(200: [\d.]+\)$/m);
    expect(embeddingDimension).toBe(200);
    // Pictures that nobody has seen keep their distances: the map is a turn.
    const { data } = weights.get('embedding.weight')! as { data: Float32Array };
    const [a, b] = drawn(2, 1, 200, () => 1, 77).rows.map((row) => mapped(row, data, new Float32Array(200)));
    const [x, y] = drawn(2, 1, 200, () => 1, 77).rows;
    const cosine = (p: ArrayLike<number>, q: ArrayLike<number>) =>
      Array.from(p).reduce((sum, value, place) => sum + value * q[place], 0);
    expect(start.form.kind === 'identity' && start.share === 0).toBe(true);
    expect(cosine(a, b)).toBeCloseTo(cosine(x, y), 4);
  });

  it('joins a part that tells classes apart, by a share that leaves the trunk its own, and not one that is noise', async () => {
    const { labels, rows } = drawn(12, 5, 16, () => 1.6);
    const telling = drawn(12, 5, 16, () => 1.6, 12);
    const random = RandomSource.fromSeed(9, 'noise');
    const joint = rows.map((row, place) =>
      Float32Array.from([...row, ...row.map(() => random.normal() / 4), ...telling.rows[place]]),
    );
    const { start, trunk, weights, embeddingDimension } = await strongStart(
      options(labels, joint, { parts: ['contours', 'lowResolution'], lengths: [16, 16, 16] }),
    );
    expect(start.reasons.join('\n')).toMatch(/^joined: low resolution \d+% of the squared distance/m);
    expect(start.reasons.join('\n')).toMatch(/^left out: oriented gradients \(/m);
    const { contours, lowResolution } = trunk.config;
    expect(contours).toBeUndefined();
    expect(lowResolution).toMatchObject({ features: 16, dimension: 16 });
    expect([0.15, 0.3, 0.45]).toContain(lowResolution!.share);
    expect([...weights.keys()].sort()).toEqual([
      'embedding.bias',
      'embedding.weight',
      'lowResolution.bias',
      'lowResolution.weight',
    ]);
    expect(embeddingDimension).toBe(32);
  });

  it('takes of features and parts as many numbers as tell learnt classes apart, where these alone are searched for', async () => {
    const { labels, rows } = drawn(6, 30, 48, (column) => (column < 30 ? 3 : 1));
    const telling = drawn(6, 30, 48, () => 1.6, 12);
    const joint = rows.map((row, place) => Float32Array.from([...row, ...telling.rows[place]]));
    const of = (expect: 'known-classes' | 'new-classes') =>
      strongStart(options(labels, joint, { expect, parts: ['lowResolution'], lengths: [48, 48] }));
    const known = await of('known-classes');
    expect(known.start.reasons.join('\n')).toMatch(/^length: 16 numbers \(16: .*48: /m);
    expect(known.trunk.config.lowResolution).toMatchObject({ dimension: 16 });
    expect(known.embeddingDimension).toBe(32);
    const { embeddingDimension, start } = await of('new-classes');
    expect(embeddingDimension).toBeGreaterThan(32);
    const kept = (lines: typeof start.knownClasses) => lines.find(({ name }) => name === 'kept')!.mapAtR.value;
    expect(kept(known.start.knownClasses)).toBeGreaterThan(kept(start.knownClasses) + 0.02);
  });

  it('gives the same start for the same seed', async () => {
    const { labels, rows } = drawn(12, 5, 16, (column) => (column < 3 ? 4 : 0.3));
    const once = await strongStart(options(labels, rows));
    const twice = await strongStart(options(labels, rows));
    expect(twice.start).toEqual(once.start);
    expect(twice.weights).toEqual(once.weights);
  });

  it('stops where it is told to, with the reason', async () => {
    const { labels, rows } = drawn(12, 5, 16, () => 1);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(strongStart(options(labels, rows, { signal: controller.signal }))).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('stops within what tells no progress, too: before the next fold that is evaluated', async () => {
    const { labels, rows } = drawn(12, 5, 16, () => 1);
    const controller = new AbortController();
    const products = new MatrixProducts(engine);
    const material = await startMaterial(options(labels, rows, { signal: controller.signal }), products);
    const asTheyAre = [{ source: 0, form: { kind: 'identity', shrinkage: 0 }, dimension: 16, share: 1 }] as const;
    const evaluators = [material.choosing, ...material.training];
    for (const each of evaluators) expect((await each.scores(asTheyAre)).values.length).toBeGreaterThan(0);
    controller.abort();
    for (const each of evaluators) await expect(each.scores(asTheyAre)).rejects.toMatchObject({ code: 'aborted' });
    await products.close();
  });
});

describe('trainHead', () => {
  it('begins as the identity, and ranks better what it was trained on', async () => {
    const { labels, rows } = drawn(12, 8, 16, () => 1.2);
    const part = { dimension: 16, share: 1, rows: Float32Array.from(rows.flatMap((row) => [...row])) };
    const training = { learningRate: 0, steps: 3, seed: 0 };
    const [still] = await trainHead(engine, [part], labels, training);
    expect([...still.data]).toEqual(Array.from({ length: 256 }, (_, place) => (place % 17 === 0 ? 1 : 0)));
    const [moved] = await trainHead(engine, [part], labels, { ...training, learningRate: 0.01, steps: 60 });
    const zero = new Float32Array(16);
    const after = Float32Array.from(rows.flatMap((row) => mapped(row, Float32Array.from(moved.data), zero)));
    const score = async (embeddings: Float32Array) =>
      mean(scoresOf(await evaluateRows({ engine, embeddings, dimension: 16, labels })));
    expect(await score(after)).toBeGreaterThan((await score(part.rows)) + 0.1);
  });
});

/** `W x + b`, of length 1. */
function mapped(row: Float32Array, weight: Float32Array, bias: Float32Array): number[] {
  const values = Array.from(bias, (value, out) =>
    row.reduce((sum, x, column) => sum + x * weight[out * row.length + column], value),
  );
  const size = Math.hypot(...values);
  return values.map((value) => value / size);
}
