import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { filledWith, heNormal, xavierUniform } from './initializers.ts';

/** Mean, variance and kurtosis (3 for a normal distribution, 1.8 for a uniform one) of some numbers. */
function moments(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const central = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2 };
}

// 73,728 numbers: their mean is off by 0.4% of the deviation, their variance by 0.5%, their kurtosis by 0.02 (one sigma).
const shape = [128, 64, 3, 3];
const random = (seed: number) => RandomSource.fromSeed(seed);

describe('heNormal', () => {
  it('is normal with mean 0 and variance 2 / fan-in', () => {
    const { mean, variance, kurtosis } = moments(heNormal(shape, random(1)));
    expect(Math.abs(mean)).toBeLessThan(0.02 * Math.sqrt(variance));
    expect(variance * (64 * 9)).toBeCloseTo(2, 1);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.1);
  });
});

describe('xavierUniform', () => {
  it('is uniform over +-sqrt(6 / (fan-in + fan-out))', () => {
    const values = xavierUniform(shape, random(1));
    const bound = Math.sqrt(6 / (64 * 9 + 128));
    const { mean, variance, kurtosis } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.02 * bound);
    expect(variance).toBeCloseTo(bound ** 2 / 3, 4);
    expect(kurtosis).toBeCloseTo(1.8, 1);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.999 * bound);
  });
});

describe('initial weights', () => {
  it.each([heNormal, xavierUniform])(
    'are the same for the same random numbers, and others for others',
    (initializer) => {
      const drawn = (seed: number) => initializer([4, 3], random(seed));
      expect(drawn(1)).toEqual(drawn(1));
      expect(drawn(1)).not.toEqual(drawn(2));
    },
  );

  it('can be one value everywhere', () => {
    expect(filledWith(0.5)([2, 2], random(1))).toEqual(Float32Array.of(0.5, 0.5, 0.5, 0.5));
  });
});
