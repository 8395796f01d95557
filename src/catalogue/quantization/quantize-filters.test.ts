import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import { quantizeFilters } from './quantize-filters.ts';

const random = RandomSource.fromSeed(11);
const weight = float32(
  [5, 3, 2, 2],
  Array.from({ length: 60 }, (_, index) => random.normal() * 10 ** (index % 5)),
);
const bias = float32([5], [0.3, -2, 0, 1e4, -1e-3]);

describe('quantizeFilters', () => {
  it.each([127, 63])('gives every filter the scale of its own largest weight (limit %d)', (limit) => {
    const { levels, scales, biasLevels, biasScales } = quantizeFilters(weight, bias, 0.02, limit);
    for (let filter = 0; filter < 5; filter++) {
      const own = [...weight.data].slice(filter * 12, (filter + 1) * 12);
      const largest = Math.max(...own.map(Math.abs));
      expect(scales.data[filter]).toBe(Math.fround(largest / limit));
      for (const [place, x] of own.entries()) {
        const level = levels.data[filter * 12 + place];
        // The nearest of all levels there are.
        const errors = Array.from({ length: 2 * limit + 1 }, (_, i) => Math.abs(x - scales.data[filter] * (i - limit)));
        expect(Math.abs(x - scales.data[filter] * level)).toBeCloseTo(Math.min(...errors), 9);
      }
      expect(biasScales.data[filter]).toBe(Math.fround(0.02 * scales.data[filter]));
      const rest = Math.abs(bias.data[filter] - biasLevels.data[filter] * biasScales.data[filter]);
      expect(rest).toBeLessThanOrEqual(biasScales.data[filter] * 0.5001);
    }
  });

  it('keeps a bias that is far larger than its weights, or has none, within 32 bits', () => {
    const tiny = float32([3, 1], [1e-12, 0, 0]);
    const { levels, biasLevels, biasScales, scales } = quantizeFilters(tiny, float32([3], [5, -3, 0]), 0.1, 127);
    expect([...biasLevels.data].map(Math.abs).every((level) => level <= 2 ** 30 + 128)).toBe(true);
    expect(biasLevels.data[0] * biasScales.data[0]).toBeCloseTo(5, 5);
    expect(biasLevels.data[1] * biasScales.data[1]).toBeCloseTo(-3, 5);
    expect([...levels.data].map(Math.abs)).toEqual([0, 0, 0]);
    expect([scales.data[2], biasLevels.data[2]]).toEqual([1, 0]);
  });

  it('takes a missing bias for zeros', () => {
    expect([...quantizeFilters(weight, undefined, 0.02, 127).biasLevels.data]).toEqual([0, 0, 0, 0, 0]);
  });
});
