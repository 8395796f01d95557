import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepScale, valueScale } from './axis-scale.ts';

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

describe('valueScale', () => {
  it('starts at 0 where values reach far down, and not where they stay near each other', () => {
    expect(valueScale([4.5, 2, 1.6])).toMatchObject({ kind: 'linear', low: 0, high: 5, ticks: [0, 1, 2, 3, 4, 5] });
    expect(valueScale([0.7, 0.8])).toMatchObject({ kind: 'linear', ticks: [0.7, 0.72, 0.74, 0.76, 0.78, 0.8] });
    expect(valueScale([-10, -1])).toMatchObject({ low: -10, high: 0 });
    expect(valueScale([-1, 3])).toMatchObject({ ticks: [-1, 0, 1, 2, 3] });
  });

  it('is logarithmic only where all values are above 0 and far apart', () => {
    expect(valueScale([100, 0.5])).toMatchObject({ kind: 'log', ticks: [0.1, 1, 10, 100] });
    expect(valueScale([100, 2])).toMatchObject({ kind: 'linear', low: 0 });
    expect(valueScale([100, 0.5, 0]).kind).toBe('linear');
    expect(valueScale([100, 5e-324]).kind).toBe('linear');
    expect(valueScale([100, 0.5], { include: [0] }).kind).toBe('linear');
  });

  it('shows what it is told to include, and has room around equal values', () => {
    expect(valueScale([0.4, 0.5], { include: [0, 1] })).toMatchObject({ low: 0, high: 1 });
    for (const value of [3, 0, -2, 5e-324, 1e-6]) {
      const { place } = valueScale([value, value * (1 + 1e-15)]);
      expect(place(value)).toBeGreaterThan(0.1);
      expect(place(value)).toBeLessThan(0.9);
    }
  });

  it('places values in order within the axis, its ends at 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 20 }), (values) => {
        const { low, high, place } = valueScale(values);
        expect(place(low)).toBeCloseTo(0, 9);
        expect(place(high)).toBeCloseTo(1, 9);
        const places = [...values].sort((a, b) => a - b).map(place);
        for (const [index, at] of places.entries()) {
          expect(at).toBeGreaterThanOrEqual(index === 0 ? -1e-9 : places[index - 1]);
          expect(at).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  it('places a value of a logarithmic axis by its ratio', () => {
    const { place } = valueScale([1, 1000]);
    expect(place(10) - place(1)).toBeCloseTo(place(1000) - place(100), 12);
    expect(place(10)).toBeCloseTo(1 / 3, 12);
  });

  it('refuses nothing, and what is not finite', () => {
    expect(() => valueScale([])).toThrow('at least one value: leave the chart out');
    expect(() => valueScale([1, Number.NaN])).toThrow('finite numbers, got NaN');
  });
});

describe('stepScale', () => {
  it('ends with the last step and has round ticks before it', () => {
    const scale = stepScale([5, 885]);
    expect(scale).toMatchObject({ low: 0, high: 885, ticks: [0, 200, 400, 600, 800] });
    expect(scale.place(885)).toBe(1);
    expect(scale.place(0)).toBe(0);
    expect(stepScale([0])).toMatchObject({ low: 0, high: 1 });
  });

  it('refuses a step below 0', () => {
    expect(() => stepScale([-1, 2])).toThrow('counted from 0, got -1');
  });
});
