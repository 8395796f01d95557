import { expect, it } from 'vitest';
import { toNumbers } from '../../graph/tensor/tensor.ts';
import { dropoutMasks } from './dropout-masks.ts';

const spec = (name: string, keep: number) => ({ name, shape: [1, 50, 2], keep });

it('keeps the mean: what is kept is enlarged by as much as is dropped', () => {
  for (const keep of [0.4, 0.7, 1]) {
    const mask = dropoutMasks([spec('dense', keep)], 300, 1, 1)['dense'];
    expect(mask.shape).toEqual([300, 50, 2]);
    const values = toNumbers(mask);
    const kept = values.filter((value) => value !== 0);
    for (const value of kept) expect(value).toBeCloseTo(1 / keep, 6);
    // 30,000 draws: five standard deviations.
    const tolerance = 5 * Math.sqrt((keep * (1 - keep)) / values.length);
    expect(Math.abs(kept.length / values.length - keep)).toBeLessThanOrEqual(tolerance);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 1)).toBeLessThanOrEqual(tolerance / keep + 1e-6);
  }
});

it('is drawn anew for every step and name, and again the same for one', () => {
  const drawn = (name: string, seed: number, step: number) =>
    toNumbers(dropoutMasks([spec(name, 0.5)], 4, seed, step)[name]).join();
  expect(drawn('a', 1, 1)).toBe(drawn('a', 1, 1));
  for (const other of [drawn('b', 1, 1), drawn('a', 2, 1), drawn('a', 1, 2)]) expect(other).not.toBe(drawn('a', 1, 1));
});
