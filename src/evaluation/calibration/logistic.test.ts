import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { fitLogistic, shareAt } from './logistic.ts';

const ones = (count: number) => new Float64Array(count).fill(1);

/** Minus the log likelihood with Platt's targets, written out. */
function loss(slope: number, offset: number, distances: readonly number[], alike: readonly number[]): number {
  const count = alike.filter((one) => one === 1).length;
  let sum = 0;
  for (const [i, distance] of distances.entries()) {
    const p = 1 / (1 + Math.exp(slope * distance + offset));
    const t = alike[i] === 1 ? (count + 1) / (count + 2) : 1 / (alike.length - count + 2);
    sum -= t * Math.log(p) + (1 - t) * Math.log(1 - p);
  }
  return sum;
}

describe('fitLogistic', () => {
  const random = RandomSource.fromSeed(7);
  const distances = Array.from({ length: 60 }, () => random.uniform() * 2);
  const alike = distances.map((distance) => (random.uniform() < 1 / (1 + Math.exp(5 * distance - 4)) ? 1 : 0));

  it('has the smallest loss of any curve around', () => {
    const { slope, offset } = fitLogistic(distances, alike, ones(60));
    const best = loss(slope, offset, distances, alike);
    expect(slope).toBeGreaterThan(0);
    for (const away of [0.001, 0.05, 1]) {
      for (let turn = 0; turn < 12; turn++) {
        const [s, o] = [slope + away * Math.cos(turn), offset + away * Math.sin(turn)];
        expect(loss(s, o, distances, alike)).toBeGreaterThan(best);
      }
    }
  });

  it('finds the law that many pairs were drawn from', () => {
    const many = Array.from({ length: 40_000 }, () => random.uniform() * 2);
    const drawn = many.map((distance) => (random.uniform() < 1 / (1 + Math.exp(5 * distance - 4)) ? 1 : 0));
    const { slope, offset } = fitLogistic(many, drawn, ones(many.length));
    expect(Math.abs(slope - 5)).toBeLessThan(0.2);
    expect(Math.abs(offset + 4)).toBeLessThan(0.2);
  });

  it('takes a weight as that many pairs', () => {
    // Targets depend on how many pairs there are, so both lists have each pair twice.
    const twice = (values: readonly number[]) => [...values, ...values];
    const weighted = fitLogistic(twice(distances), twice(alike), [...ones(60), ...ones(60).map(() => 3)]);
    const repeated = fitLogistic(twice(distances), twice(alike), ones(120).fill(2));
    expect(weighted.slope).toBeCloseTo(repeated.slope, 6);
    expect(weighted.offset).toBeCloseTo(repeated.offset, 6);
  });

  it('is finite where distance tells the kinds apart, and flat where it says nothing', () => {
    const apart = fitLogistic([0.1, 0.2, 0.3, 1.1, 1.2, 1.3], [1, 1, 1, 0, 0, 0], ones(6));
    expect(Number.isFinite(apart.slope)).toBe(true);
    expect(shareAt(apart, 0.2)).toBeGreaterThan(0.7);
    expect(shareAt(apart, 1.2)).toBeLessThan(0.3);
    const backwards = fitLogistic([0.1, 0.2, 1.1, 1.2, 1.3], [0, 0, 1, 1, 1], ones(5));
    expect(backwards.slope).toBe(0);
    expect(shareAt(backwards, 9)).toBeCloseTo(0.6, 12);
    const alone = fitLogistic([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0], ones(4));
    expect(shareAt(alone, 0.5)).toBeCloseTo(0.5, 6);
  });
});
