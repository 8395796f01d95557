import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { manhattan } from '../../ranking/distances/manhattan.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import { calibrationSchema } from './calibration.ts';
import { isotonicCurve, logisticCurve } from './calibration-curve.ts';
import { fitCalibration, TooFewPairs } from './fit-calibration.ts';
import { labelledPairs } from './labelled-pairs.ts';
import { shareAlike } from './share-alike.ts';

/** Classes of points around centres of their own in a few dimensions. */
function clusters(classes: number, each: number, spread: number, seed = 1) {
  const random = RandomSource.fromSeed(seed);
  const dimension = 4;
  const rows: number[] = [];
  const labels: number[] = [];
  for (let label = 0; label < classes; label++) {
    const centre = Array.from({ length: dimension }, () => random.normal());
    for (let image = 0; image < each; image++) {
      rows.push(...centre.map((value) => value + spread * random.normal()));
      labels.push(label);
    }
  }
  return { embeddings: Float32Array.from(rows), dimension, labels };
}

describe('labelledPairs', () => {
  it('has every pair with its distance, by brute force', () => {
    const given = clusters(4, 3, 0.5);
    const { distances, alike, all, classesWithPairs } = labelledPairs({ ...given, distance: manhattan, seed: 0 });
    const expected: string[] = [];
    for (let a = 0; a < 12; a++) {
      for (let b = a + 1; b < 12; b++) {
        let away = 0;
        for (let d = 0; d < 4; d++) away += Math.abs(given.embeddings[a * 4 + d] - given.embeddings[b * 4 + d]);
        expected.push(`${away} ${given.labels[a] === given.labels[b] ? 1 : 0}`);
      }
    }
    expect([...distances].map((away, place) => `${away} ${alike[place]}`).sort()).toEqual(expected.sort());
    expect({ all, classesWithPairs }).toEqual({ all: { alike: 12, unlike: 54 }, classesWithPairs: 4 });
  });

  it('draws uniformly where there are too many, and passes over copies', () => {
    // Two classes of points on a line: 0 and 1 twice each, 100; alike pairs within {0, 0, 1, 1} alone.
    const embeddings = Float32Array.of(0, 0, 1, 1, 100);
    const labels = [7, 7, 7, 7, 8];
    const given = { embeddings, dimension: 1, labels, distance: squaredEuclidean, seed: 3 };
    const every = labelledPairs(given);
    expect([...every.distances].filter((_, place) => every.alike[place] === 1)).toEqual([1, 1, 1, 1]);
    expect(every.all).toEqual({ alike: 6, unlike: 4 });
    const large = clusters(3, 40, 1);
    const some = labelledPairs({ ...large, distance: squaredEuclidean, seed: 3, most: 1500 });
    const full = labelledPairs({ ...large, distance: squaredEuclidean, seed: 3 });
    const mean = ({ distances, alike }: typeof some, kind: 0 | 1) => {
      const own = [...distances].filter((_, place) => alike[place] === kind);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    expect(some.all).toEqual(full.all);
    for (const kind of [0, 1] as const) {
      expect(some.alike.filter((one) => one === kind)).toHaveLength(1500);
      expect(Math.abs(mean(some, kind) / mean(full, kind) - 1)).toBeLessThan(0.06);
    }
  });
});

describe('labelledPairs of very unequal classes', () => {
  /** One class of many images and some of a few; the place on a line tells image and class. */
  const unequal = (sizes: readonly number[]) => {
    const labels = sizes.flatMap((size, label) => new Array<number>(size).fill(label));
    return { embeddings: Float32Array.from(labels, (_, row) => row), dimension: 1, labels };
  };

  it('draws each pair of two classes as often as any other', () => {
    const sizes = [60, 1, 4, 9];
    const given = unequal(sizes);
    const count = 60 * 14 + 13 + 36;
    const seen = new Map<string, number>();
    const keyOf = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;
    // A distance that notes which two images it is asked about, by their places on the line.
    const noting = {
      ...manhattan,
      between: (first: ArrayLike<number>, second: ArrayLike<number>) => {
        const [a, b] = [first[0], second[0]];
        if (given.labels[a] !== given.labels[b]) seen.set(keyOf(a, b), (seen.get(keyOf(a, b)) ?? 0) + 1);
        return 1;
      },
    };
    const rounds = 200;
    for (let seed = 0; seed < rounds; seed++) {
      const { all, alike } = labelledPairs({ ...given, distance: noting, seed, most: count - 1 });
      expect(all.unlike).toBe(count);
      expect(alike.filter((kind) => kind === 0)).toHaveLength(count - 1);
    }
    const expected: string[] = [];
    for (const a of given.labels.keys()) {
      for (let b = a + 1; b < given.labels.length; b++) {
        if (given.labels[a] !== given.labels[b]) expected.push(keyOf(a, b));
      }
    }
    expect(expected).toHaveLength(count);
    expect([...seen.keys()].sort()).toEqual(expected.sort());
    const mean = (rounds * (count - 1)) / count;
    for (const pair of expected) expect(Math.abs((seen.get(pair) ?? 0) - mean), pair).toBeLessThan(5 * Math.sqrt(mean));
  });

  it('takes no longer for them', () => {
    for (const others of [4, 40]) {
      const given = unequal([40_000, ...new Array<number>(others).fill(1)]);
      const started = performance.now();
      labelledPairs({ ...given, distance: manhattan, seed: 1 });
      // By drawing until a pair fits it took 21 seconds; looking at every pair, 3.
      expect(performance.now() - started).toBeLessThan(2500);
    }
  });
});

describe('calibration curves', () => {
  /** Pairs whose balanced share of alike at a distance is a known law. */
  function known(count: number, law: (distance: number) => number, seed: number) {
    const random = RandomSource.fromSeed(seed);
    const distances = Float64Array.from({ length: count }, () => random.uniform() * 2);
    return { distances, alike: Uint8Array.from(distances, (away) => (random.uniform() < law(away) ? 1 : 0)) };
  }
  const at = (steps: ReturnType<typeof isotonicCurve>, distance: number) =>
    shareAlike({ steps, baseRate: 0.5 } as Parameters<typeof shareAlike>[0], distance).balanced;

  it('finds a law with a step that no logistic curve has', () => {
    // Symmetric about 1, so that half of all pairs are alike and balancing changes nothing.
    const law = (away: number) => (away < 0.7 ? 0.95 : away < 1.3 ? 0.5 : 0.05);
    const steps = isotonicCurve(known(40_000, law, 1));
    for (const away of [0.2, 0.5, 0.8, 1, 1.2, 1.5, 1.9]) {
      expect(Math.abs(at(steps, away) - law(away))).toBeLessThan(0.04);
    }
    expect(steps.length).toBeLessThanOrEqual(61);
    for (const [place, { share, alike, unlike }] of steps.entries()) {
      expect(alike + unlike).toBeGreaterThanOrEqual(25);
      if (place > 0) expect(share).toBeLessThan(steps[place - 1].share);
      expect(share > 0 && share < 1).toBe(true);
    }
    expect(steps.reduce((sum, { alike, unlike }) => sum + alike + unlike, 0)).toBe(40_000);
  });

  it('finds a smooth law from few pairs', () => {
    const law = (away: number) => 1 / (1 + Math.exp(6 * (away - 1)));
    const pairs = known(1500, law, 2);
    const steps = logisticCurve(pairs);
    for (const away of [0.1, 0.7, 1, 1.3, 1.9]) expect(Math.abs(at(steps, away) - law(away))).toBeLessThan(0.05);
    expect(steps.reduce((sum, { alike, unlike }) => sum + alike + unlike, 0)).toBe(1500);
  });

  it('weighs both kinds the same by a logistic curve, too', () => {
    // Had half of all pairs been alike, the share at a distance would be this law's; here an alike pair has 30 unlike ones.
    const random = RandomSource.fromSeed(7, 'unbalanced pairs');
    const law = (away: number) => 1 / (1 + Math.exp(5 * (away - 1)));
    const [distances, alike]: [number[], number[]] = [[], []];
    while (alike.length < 900 * 31) {
      const wanted = alike.length % 31 === 0 ? 1 : 0;
      const away = random.between(0, 2);
      if (random.uniform() < law(away) !== (wanted === 1)) continue;
      distances.push(away);
      alike.push(wanted);
    }
    const steps = logisticCurve({ distances, alike });
    for (const away of [0.1, 0.7, 1, 1.3, 1.9]) expect(Math.abs(at(steps, away) - law(away))).toBeLessThan(0.05);
  });

  it('weighs both kinds the same, however many there are of each', () => {
    // 1000 alike at 0.1, of the unlike 9000 at 0.1 and 81000 at 1: a tenth of the unlike, and all of the alike.
    const distances = new Float64Array(91_000).fill(1).fill(0.1, 0, 10_000);
    const alike = new Uint8Array(91_000).fill(1, 0, 1000);
    const steps = isotonicCurve({ distances, alike });
    expect(steps).toHaveLength(2);
    expect(steps[0]).toMatchObject({ from: 0.1, to: 0.1, alike: 1000, unlike: 9000 });
    expect(steps[0].share).toBeCloseTo(1 / 1.1, 3);
    expect(steps[1].share).toBeLessThan(0.001);
  });
});

describe('fitCalibration', () => {
  it('says what share of fresh pairs of the same kind is alike, both ways of counting', () => {
    const given = clusters(60, 12, 0.6, 1);
    const calibration = fitCalibration({ ...given, distance: 'euclidean', seed: 1, source: 'a test' });
    expect(calibrationSchema.parse(calibration)).toEqual(calibration);
    expect(calibration).toMatchObject({ method: 'isotonic', images: 720, classes: 60, pairs: { alike: 3960 } });
    expect(calibration.baseRate).toBeCloseTo(11 / 719, 12);
    const fresh = labelledPairs({ ...clusters(60, 12, 0.6, 2), distance: squaredEuclidean, seed: 0 });
    // Fresh pairs in bins of the natural share that they are given: as many are alike as was said.
    const bins = new Map<number, { said: number; alike: number; count: number }>();
    for (const [place, squared] of fresh.distances.entries()) {
      const { natural } = shareAlike(calibration, Math.sqrt(squared));
      const bin = bins.get(Math.floor(natural * 5)) ?? { said: 0, alike: 0, count: 0 };
      bin.said += natural;
      bin.alike += fresh.alike[place];
      bin.count++;
      bins.set(Math.floor(natural * 5), bin);
    }
    for (const { said, alike, count } of bins.values()) {
      if (count > 400) expect(Math.abs(said - alike) / count).toBeLessThan(0.12);
    }
    const far = shareAlike(calibration, 8);
    const near = shareAlike(calibration, 0.1);
    expect([near.verdict, far.verdict]).toEqual(['alike', 'unlike']);
    expect(near.natural).toBeLessThan(near.balanced);
    expect(shareAlike(calibration, calibration.unsure.from).balanced).toBeCloseTo(0.8, 6);
    expect(shareAlike(calibration, calibration.unsure.to).balanced).toBeCloseTo(0.2, 6);
    const middle = (calibration.unsure.from + calibration.unsure.to) / 2;
    expect(shareAlike(calibration, middle).verdict).toBe('unsure');
  });

  it('takes a logistic curve where there are few pairs, and any distance', () => {
    const few = clusters(10, 6, 0.4);
    const calibration = fitCalibration({ ...few, distance: 'manhattan', seed: 1, source: 'a test' });
    expect(calibration).toMatchObject({ method: 'logistic', distance: 'manhattan', pairs: { alike: 150 } });
    expect(calibration.steps).toHaveLength(33);
    for (const [place, { share }] of calibration.steps.entries()) {
      if (place > 0) expect(share).toBeLessThan(calibration.steps[place - 1].share);
    }
  });

  it('is unsure everywhere where distance says nothing', () => {
    const noise = clusters(20, 15, 1);
    const labels = noise.labels.map((_, image) => image % 20);
    const calibration = fitCalibration({ ...noise, labels, distance: 'cosine', seed: 1, source: 'a test' });
    for (const away of [0, 0.5, 1, 1.9]) expect(shareAlike(calibration, away).verdict).toBe('unsure');
    expect(calibration.unsure.from).toBe(0);
  });

  it('refuses too few pairs or classes, with the numbers', () => {
    const calibrate = (classes: number, each: number) => () =>
      fitCalibration({ ...clusters(classes, each, 1), distance: 'euclidean', seed: 0, source: 'a test' });
    expect(calibrate(10, 3)).toThrow(TooFewPairs);
    expect(calibrate(10, 3)).toThrow('at least 100 pairs of one class, 100 of two and 5 classes');
    expect(calibrate(10, 3)).toThrow('here are 30, 405 and 10: give more labelled images that were not trained on');
    expect(calibrate(4, 30)).toThrow('here are 1740, 5400 and 4');
    const copies = clusters(6, 1, 1);
    const embeddings = Float32Array.from({ length: 6 * 20 * 4 }, (_, i) => copies.embeddings[Math.floor(i / 80)]);
    const labels = Array.from({ length: 120 }, (_, image) => Math.floor(image / 20));
    const same = () => fitCalibration({ embeddings, dimension: 4, labels, distance: 'cosine', seed: 0, source: 'x' });
    expect(same).toThrow('here are 0,');
    const short = () => fitCalibration({ ...clusters(9, 9, 1), labels: [1], distance: 'cosine', seed: 0, source: 'x' });
    expect(short).toThrow('81 embeddings, but 1 labels');
  });

  it('looks at pairs of one part alone, and counts the classes of all parts', () => {
    // Each part has five numbers of its own that all of it are moved by, as models that were made alike differ.
    const [first, second] = [clusters(4, 8, 0.3, 1), clusters(4, 8, 0.3, 2)];
    const moved = second.embeddings.map((value) => value + 100);
    const both = {
      embeddings: Float32Array.from([...first.embeddings, ...moved]),
      dimension: 4,
      labels: [...first.labels, ...second.labels.map((label) => label + 4)],
      distance: 'euclidean' as const,
      seed: 0,
      source: 'clusters',
    };
    expect(() => fitCalibration({ ...both, embeddings: first.embeddings, labels: first.labels })).toThrow(TooFewPairs);
    const { pairs, classes, steps } = fitCalibration({ ...both, parts: [32, 32] });
    expect(pairs).toEqual({ alike: 2 * 4 * 28, unlike: 2 * 6 * 64 });
    expect(classes).toBe(8);
    expect(steps[steps.length - 1].to).toBeLessThan(20);
    expect(() => fitCalibration({ ...both, parts: [32, 31] })).toThrow('parts of 63 rows together, but 64 labels');
  });
});
