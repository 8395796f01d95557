import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueHistogram } from './value-histogram.ts';

const element = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.float({ min: -2, max: 2, noNaN: true }),
  fc.constant(0),
);
const batches = fc.array(fc.array(element, { maxLength: 20 }), { minLength: 1, maxLength: 6 });

describe('a histogram of values', () => {
  it('counts every element into the bin that it lies in, whatever came before', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const histogram = new ValueHistogram();
        for (const batch of all) histogram.add(batch);
        const elements = all.flat();
        expect(histogram.total).toBe(elements.length);
        expect(histogram.zeros).toBe(elements.filter((x) => x === 0).length);
        const expected = new Float64Array(histogram.counts.length);
        for (const x of elements) {
          expected[histogram.width === 0 ? 2048 : Math.floor(x / histogram.width) + 2048]++;
        }
        expect(histogram.counts).toEqual(expected);
        if (elements.length === 0) return;
        expect(histogram.range).toEqual({ low: Math.min(...elements), high: Math.max(...elements) });
        const largest = Math.max(...elements.map(Math.abs));
        if (largest > 1e-30) expect(largest / histogram.width).toBeGreaterThanOrEqual(1023.99);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order of its elements', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const [there, back] = [new ValueHistogram(), new ValueHistogram()];
        for (const batch of all) there.add(batch);
        for (const batch of [...all].reverse()) back.add(batch);
        expect([back.width, back.total, back.counts]).toEqual([there.width, there.total, there.counts]);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses what is not finite, and has no range without elements', () => {
    const histogram = new ValueHistogram();
    expect(() => histogram.range).toThrow('no element has been counted');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => histogram.add([1, bad])).toThrow('an element is not a finite number');
    }
  });
});
