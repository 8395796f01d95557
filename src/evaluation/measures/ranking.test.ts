import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanAveragePrecisionAtR } from './mean-average-precision-at-r.ts';
import { precisionAtK } from './precision-at-k.ts';
import { rPrecision } from './r-precision.ts';
import type { Ranking } from './ranking.ts';
import { recallAtK } from './recall-at-k.ts';

const ranking = (relevant: readonly number[], relevantCount: number): Ranking => ({
  relevant: Uint8Array.from(relevant),
  relevantCount,
});

describe('measures of one ranking', () => {
  // Relevant neighbours nearest first, R, then recall@1, recall@3, precision@1, precision@4, R-precision, MAP@R by hand.
  it.each([
    [[1, 1, 1, 0], 3, 1, 1, 1, 3 / 4, 1, 1],
    [[0, 0, 0, 1], 1, 0, 0, 0, 1 / 4, 0, 0],
    [[0, 1, 0, 1], 2, 0, 1, 0, 2 / 4, 1 / 2, 1 / 2 / 2],
    [[1, 0, 1, 0], 3, 1, 1, 1, 2 / 4, 2 / 3, (1 + 2 / 3) / 3],
    [[0, 0, 1, 1], 4, 0, 1, 0, 2 / 4, 2 / 4, (1 / 3 + 2 / 4) / 4],
    // Two neighbours in the whole gallery: the places beyond count as not relevant.
    [[1, 0], 1, 1, 1, 1, 1 / 4, 1, 1],
  ])('%j with R = %i', (relevant, count, recall1, recall3, precision1, precision4, r, map) => {
    const given = ranking(relevant, count);
    expect(recallAtK(given, 1)).toBe(recall1);
    expect(recallAtK(given, 3)).toBe(recall3);
    expect(precisionAtK(given, 1)).toBe(precision1);
    expect(precisionAtK(given, 4)).toBe(precision4);
    expect(rPrecision(given)).toBeCloseTo(r, 14);
    expect(meanAveragePrecisionAtR(given)).toBeCloseTo(map, 14);
  });

  it('agree with their definitions written out, on any ranking', () => {
    const bits = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(bits, fc.integer({ min: 1, max: 10 }), (relevant, k) => {
        const count = Math.max(1, relevant.filter((bit) => bit === 1).length);
        const given = ranking(relevant, count);
        const precision = (places: number) => relevant.slice(0, places).filter((bit) => bit === 1).length / places;
        expect(recallAtK(given, k)).toBe(relevant.some((bit, place) => bit === 1 && place < k) ? 1 : 0);
        expect(precisionAtK(given, k)).toBeCloseTo(precision(k), 12);
        expect(rPrecision(given)).toBeCloseTo(precision(count), 12);
        const terms = relevant.slice(0, count).map((bit, place) => bit * precision(place + 1));
        expect(meanAveragePrecisionAtR(given)).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / count, 12);
        expect(meanAveragePrecisionAtR(given)).toBeLessThanOrEqual(rPrecision(given) + 1e-12);
      }),
    );
  });
});
