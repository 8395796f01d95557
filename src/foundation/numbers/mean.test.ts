import { expect, it } from 'vitest';
import { mean } from './mean.ts';

it('is the sum by the count, of arrays of any kind', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(mean(Float64Array.of(-1, 0.5))).toBe(-0.25);
  expect(mean([])).toBeNaN();
});
