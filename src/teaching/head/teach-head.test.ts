import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { sampleWithoutReplacement } from '../../foundation/random/shuffle.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { embeddedBy, type HeadFeatures, joinedBy, untaughtHead } from './taught-head.ts';
import { precisionOf, teachHead } from './teach-head.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(() => engine.close());

const pictures = 120;
const lengths = [12, 8];

/** Unit vectors at random: an embedding, and colours that have nothing to do with it. */
function drawnFeatures(): HeadFeatures {
  const random = RandomSource.fromSeed(4, 'features');
  return lengths.map((length) => {
    const rows = new Float32Array(pictures * length);
    for (let row = 0; row < pictures; row++) {
      const values = Array.from({ length }, () => random.normal());
      rows.set(
        values.map((value) => value / Math.hypot(...values)),
        row * length,
      );
    }
    return { length, rows };
  });
}

const others = (query: number) =>
  Array.from({ length: pictures }, (_, picture) => picture).filter((one) => one !== query);

/** Triplets that a rater finds among pictures; `first` and `last` bound the queries. */
function answers(
  count: number,
  [first, last]: readonly [number, number],
  unlike: (a: number, b: number) => number,
): Triplet[] {
  const random = RandomSource.fromSeed(first + 7, 'answers');
  return Array.from({ length: count }, () => {
    const query = first + random.integer(last - first);
    const [a, b] = sampleWithoutReplacement(others(query), 2, random);
    const [positive, negative] = unlike(query, a) < unlike(query, b) ? [a, b] : [b, a];
    return { query, positive, negative };
  });
}

describe('teachHead', () => {
  const features = drawnFeatures();
  const colour = ({ length, rows }: HeadFeatures[number], picture: number) => rows.subarray(picture * length);
  /** Goes by three of eight colours. */
  const byThreeColours = (a: number, b: number) =>
    Math.hypot(...[1, 3, 5].map((axis) => colour(features[1], a)[axis] - colour(features[1], b)[axis]));
  const material = {
    features,
    triplets: answers(200, [0, 90], byThreeColours),
    keptAside: answers(60, [90, 120], byThreeColours),
  };
  const judging = answers(500, [90, 120], byThreeColours);

  it('learns what a rater goes by from 200 triplets, for queries that it has not learnt from', async () => {
    const outcome = await teachHead(material, { engine });
    expect(outcome.kept).toBe(true);
    const [before, after] = [untaughtHead(features), outcome.head].map((head) => precisionOf(head, features, judging));
    expect(after).toBeGreaterThan(before + 0.15);
    // Shares alone do not do it: maps have learnt which colours count.
    const shares = precisionOf(joinedBy(0.9, features), features, judging);
    expect(after).toBeGreaterThan(shares + 0.03);
    expect(outcome.committee).toHaveLength(4);
  });

  it('gives rows of unit length whose squared distance is the sum of the parts by their shares', async () => {
    const { head } = await teachHead(material, { engine });
    const { data, dimension } = embeddedBy(head, features);
    const row = (picture: number) => data.subarray(picture * dimension, (picture + 1) * dimension);
    expect(Math.hypot(...row(7))).toBeCloseTo(1, 5);
    const mapped = head.map(({ map, name }) => {
      const { length, rows } = features[name === 'embedding' ? 0 : 1];
      return [7, 8].map((picture) => {
        const x = rows.subarray(picture * length, (picture + 1) * length);
        const y = Array.from({ length: map.rows }, (_, i) =>
          x.reduce((sum, value, j) => sum + map.data[i * length + j] * value, 0),
        );
        return y.map((value) => value / Math.hypot(...y));
      });
    });
    const expected = head.reduce(
      (sum, { share }, part) =>
        sum + share * mapped[part][0].reduce((square, value, i) => square + (value - mapped[part][1][i]) ** 2, 0),
      0,
    );
    const found = row(7).reduce((square, value, i) => square + (value - row(8)[i]) ** 2, 0);
    expect(found).toBeCloseTo(expected, 5);
  });

  it('is not used where it is worse on what was kept aside', async () => {
    // Kept-aside answers that say the contrary of what was learnt.
    const keptAside = material.keptAside.map(({ query, positive, negative }) => ({
      query,
      positive: negative,
      negative: positive,
    }));
    const outcome = await teachHead({ ...material, keptAside }, { engine });
    expect(outcome.after).toBeLessThan(outcome.before);
    expect(outcome.kept).toBe(false);
    const change = embeddedBy(outcome.head, features).data.map((value, at) => Math.abs(value - features[0].rows[at]));
    expect(Math.max(...change)).toBeLessThan(1e-6);
  });

  it('gives the same head for the same seed', async () => {
    const [one, other] = [await teachHead(material, { engine }), await teachHead(material, { engine })];
    expect(other.head).toEqual(one.head);
  });

  it('asks for answers where there are none, and stops when it is told to', async () => {
    await expect(teachHead({ ...material, triplets: [] }, { engine })).rejects.toThrow(/no answer to learn from/);
    await expect(teachHead({ ...material, keptAside: [] }, { engine })).rejects.toBeInstanceOf(TrainingError);
    await expect(teachHead(material, { engine, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
