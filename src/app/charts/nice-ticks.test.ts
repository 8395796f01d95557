import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTicks, niceTicks } from './nice-ticks.ts';

/** A range of any size and place, at least a hundred-thousandth of its place wide. */
const range = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: 1e-6, max: 1, noNaN: true }),
    fc.integer({ min: -9, max: 9 }),
  )
  .map(([low, width, exponent]) => [low * 10 ** exponent, (low + width) * 10 ** exponent] as const)
  .filter(([low, high]) => high - low > 1e-5 * Math.max(Math.abs(low), Math.abs(high)));

describe('niceTicks', () => {
  it.each([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 885, 5, [0, 200, 400, 600, 800, 1000]],
    [0, 0.003, 5, [0, 0.001, 0.002, 0.003]],
    [1.62, 4.53, 5, [1, 2, 3, 4, 5]],
    [-0.31, 0.3, 6, [-0.4, -0.2, 0, 0.2, 0.4]],
    [0.7, 0.8, 2, [0.7, 0.75, 0.8]],
  ])('from %d to %d, about %d', (low, high, count, ticks) => {
    expect(niceTicks(low, high, count)).toEqual(ticks);
  });

  it('covers the range with evenly spaced round numbers, no more than it needs', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 10 }), ([low, high], count) => {
        const ticks = niceTicks(low, high, count);
        const step = (ticks[ticks.length - 1] - ticks[0]) / (ticks.length - 1);
        const slack = 1e-6 * step;
        expect(ticks[0]).toBeLessThanOrEqual(low + slack);
        expect(ticks[1]).toBeGreaterThan(low - slack);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(high - slack);
        expect(ticks[ticks.length - 2]).toBeLessThan(high + slack);
        for (const [index, tick] of ticks.entries())
          expect(Math.abs(tick - ticks[0] - index * step)).toBeLessThan(slack);
        expect(step.toExponential(4)).toMatch(/^[125]\.0000e/);
        expect(ticks.length).toBeLessThanOrEqual(count + 2);
        expect(ticks.length).toBeGreaterThanOrEqual(count / 2.5);
      }),
    );
  });

  it.each([
    [1, 1],
    [2, 1],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ])('refuses %d to %d', (low, high) => {
    expect(() => niceTicks(low, high)).toThrow(`two finite ends, the lower first, got ${low} and ${high}`);
  });
});

describe('logTicks', () => {
  it.each([
    [0.013, 0.9, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]],
    [3, 40, [2, 5, 10, 20, 50]],
    [1, 1000, [1, 10, 100, 1000]],
    [1e-5, 1e5, [1e-6, 1e-4, 1e-2, 1, 100, 1e4, 1e6]],
  ])('from %d to %d', (low, high, ticks) => {
    expect(logTicks(low, high, 7)).toEqual(ticks);
  });

  it('covers the range with rising ticks and no more than it was asked for', () => {
    const exponent = fc.double({ min: -12, max: 12, noNaN: true });
    fc.assert(
      fc.property(exponent, fc.double({ min: 0.01, max: 12, noNaN: true }), (from, width) => {
        const [low, high] = [10 ** from, 10 ** (from + width)];
        const ticks = logTicks(low, high);
        expect(ticks[0]).toBeLessThanOrEqual(low * (1 + 1e-8));
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(high * (1 - 1e-8));
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
      }),
    );
  });

  it('refuses numbers that have no logarithm', () => {
    expect(() => logTicks(0, 1)).toThrow('numbers above 0, got 0: use niceTicks');
  });
});
