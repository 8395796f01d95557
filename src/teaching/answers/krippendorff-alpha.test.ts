import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { krippendorffAlpha } from './krippendorff-alpha.ts';

/** Rows of raters, columns of units, a dot for a missing value: as the source prints them. */
function unitsOf(...raters: string[]): string[][] {
  const rows = raters.map((row) => row.split(' '));
  return rows[0].map((_, unit) => rows.map((row) => row[unit]).filter((value) => value !== '.'));
}

describe('krippendorffAlpha', () => {
  it("gives the values of Krippendorff's 2011 paper to its three decimals", () => {
    const binary = krippendorffAlpha(unitsOf('0 1 0 0 0 0 0 0 1 0', '1 1 1 0 0 1 0 0 0 0'));
    expect(binary.alpha).toBeCloseTo(0.095, 3);
    const nominal = krippendorffAlpha(unitsOf('a a b b d c c c e d d a', 'b a b b b c c c e d d d'));
    expect(nominal.alpha).toBeCloseTo(0.692, 3);
    const missing = krippendorffAlpha(
      unitsOf(
        '1 2 3 3 2 1 4 1 2 . . .',
        '1 2 3 3 2 2 4 1 2 5 . 3',
        '. 3 3 3 2 3 4 2 2 5 1 .',
        '1 2 3 3 2 4 4 1 2 5 1 .',
      ),
    );
    expect(missing.alpha).toBeCloseTo(0.743, 3);
    expect(missing).toMatchObject({ units: 11, values: 40 });
  });

  it('is 1 for raters who always agree, and near 0 for raters who draw lots', () => {
    expect(
      krippendorffAlpha([
        ['a', 'a', 'a'],
        ['b', 'b'],
        ['a', 'a'],
      ]).alpha,
    ).toBe(1);
    const random = RandomSource.fromSeed(1);
    const lots = Array.from({ length: 5000 }, () => [0, 1, 2].map(() => String(random.integer(3))));
    expect(Math.abs(krippendorffAlpha(lots).alpha ?? 1)).toBeLessThan(0.02);
  });

  it('has none where nothing can be compared, or nothing differs', () => {
    expect(krippendorffAlpha([['a'], ['b']])).toEqual({ alpha: undefined, units: 0, values: 0 });
    expect(krippendorffAlpha([['a', 'a']])).toEqual({ alpha: undefined, units: 1, values: 2 });
  });
});
