import { describe, expect, it } from 'vitest';
import { errorFunction } from './error-function.ts';

/** Simpson's rule over `steps` intervals. */
function integrated(x: number, steps: number): number {
  const width = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * width) ** 2));
  }
  return ((2 / Math.sqrt(Math.PI)) * sum * width) / 3;
}

describe('errorFunction', () => {
  it('is the integral that defines it, to 1e-13', () => {
    for (const x of [-5.5, -2, -0.3, 0, 1e-8, 0.5, 1, 2.5, 4, 5.99, 6.01]) {
      expect(Math.abs(errorFunction(x) - integrated(x, 20000))).toBeLessThan(1e-13);
    }
  });

  it("is Python's math.erf to a few units in the last place", () => {
    const known = [
      [1e-8, 1.1283791670955126e-8],
      [0.3, 0.3286267594591274],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2.5, 0.999593047982555],
      [4, 0.9999999845827421],
      [5.99, 1.0],
    ];
    for (const [x, expected] of known) expect(Math.abs(errorFunction(x) / expected - 1)).toBeLessThan(2e-15);
  });

  it('keeps its relative accuracy near zero, where it is 2 x / sqrt(pi)', () => {
    expect(errorFunction(1e-20) / 1e-20).toBeCloseTo(1.1283791670955126, 15);
  });

  it('is odd, ends at 1 and leaves a NaN one', () => {
    expect(errorFunction(-0.7)).toBe(-errorFunction(0.7));
    expect([Infinity, -Infinity, Number.NaN].map(errorFunction)).toEqual([1, -1, Number.NaN]);
  });
});
