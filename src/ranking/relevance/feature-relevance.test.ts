import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { colourHistogram } from '../../pictures/features/colour-histogram.ts';
import { featureRelevance } from './feature-relevance.ts';
import { withTotals } from './total-relevance.ts';

const random = RandomSource.fromSeed(1, 'features');
const count = 40;
const dimension = 5;
const data = Float32Array.from({ length: count * dimension }, () => random.normal());
const categories = Int32Array.from({ length: count }, (_, image) => image % 2);
const own = Array.from({ length: count }, (_, image) => image);

function distance(a: number, b: number, table = data): number {
  const row = (image: number) => [...table.slice(image * dimension, (image + 1) * dimension)];
  return Math.hypot(...row(a).map((value, k) => value - row(b)[k]));
}

describe('featureRelevance', () => {
  it('falls exponentially with the distance, to 1/e at the median of pairs of one category', () => {
    const between = featureRelevance({ data, dimension }, categories, own, 1);
    const scale = distance(0, 2) / -Math.log(between(0, 2));
    for (const a of own) {
      for (const b of own) {
        if (a !== b) expect(between(a, b)).toBeCloseTo(Math.exp(-distance(a, b) / scale), 9);
      }
    }
    const all = own.flatMap((a) => own.filter((b) => b < a && (a - b) % 2 === 0).map((b) => distance(a, b)));
    all.sort((a, b) => a - b);
    // The median of 2,000 pairs drawn among 380 lies between their fortieth and sixtieth hundredth.
    expect(scale).toBeGreaterThan(all[Math.floor(0.4 * all.length)]);
    expect(scale).toBeLessThan(all[Math.floor(0.6 * all.length)]);
    expect(featureRelevance({ data, dimension }, categories, own, 1)(3, 5)).toBe(between(3, 5));
  });

  it('does not depend on the scale of the features', () => {
    const larger = featureRelevance({ data: data.map((value) => 1024 * value), dimension }, categories, own, 1);
    const between = featureRelevance({ data, dimension }, categories, own, 1);
    for (const a of own) if (a > 2) expect(larger(a, 2)).toBeCloseTo(between(a, 2), 6);
  });

  it('is 0 for images that look the same, and a number where all features are equal', () => {
    const twins = own.map((image) => (image === 4 ? 2 : image));
    expect(featureRelevance({ data, dimension }, categories, twins, 1)(2, 4)).toBe(0);
    const flat = { data: new Float32Array(count * dimension), dimension };
    expect(featureRelevance(flat, categories, own, 1)(2, 4)).toBe(1);
    const mostlyFlat = flat.data.map((_, place) => (place < 4 * dimension ? data[place] : 0));
    const r = featureRelevance({ data: mostlyFlat, dimension }, categories, own, 1);
    expect(r(20, 22)).toBe(1);
    expect(r(0, 22)).toBeGreaterThan(0);
    expect(r(0, 22)).toBeLessThan(1);
  });
});

describe('withTotals', () => {
  const between = (a: number, b: number) => 1 / (1 + Math.abs(a - b));
  const sum = (image: number) =>
    own.reduce(
      (total, other) =>
        total + (other !== image && categories[other] === categories[image] ? between(image, other) : 0),
      0,
    );

  it('sums over the other images of the category', () => {
    const { totals, estimatedTotals } = withTotals(categories, between, 1);
    expect(estimatedTotals).toBe(0);
    for (const image of own) expect(totals[image]).toBeCloseTo(sum(image), 9);
  });

  it('estimates them in large categories from a sample, without bias, and says so', () => {
    const few = Int32Array.from(categories, (category, image) => (image < 6 ? 7 : category));
    const { estimatedTotals } = withTotals(few, between, 1, { exactUpTo: 10, sample: 4 });
    expect(estimatedTotals).toBe(count - 6);
    const means = own.map(() => 0);
    const seeds = 600;
    for (let seed = 0; seed < seeds; seed++) {
      const { totals } = withTotals(categories, between, seed, { exactUpTo: 10, sample: 5 });
      for (const image of own) means[image] += totals[image] / seeds;
    }
    for (const image of own) expect(Math.abs(means[image] / sum(image) - 1)).toBeLessThan(0.1);
    const whole = withTotals(categories, between, 1, { exactUpTo: 10, sample: 1000 });
    for (const image of own) expect(whole.totals[image]).toBeCloseTo(sum(image), 9);
  });
});

describe('colourHistogram', () => {
  it('counts pixels in 64 boxes, as square roots of shares', () => {
    const histogram = colourHistogram({
      width: 2,
      height: 2,
      data: Uint8Array.of(0, 0, 0, 63, 63, 63, 64, 0, 255, 255, 255, 255),
    });
    const expected = new Array<number>(64).fill(0);
    expected[0] = Math.SQRT1_2;
    expected[16 + 3] = 0.5;
    expected[63] = 0.5;
    expect([...histogram]).toEqual(expected);
  });
});
