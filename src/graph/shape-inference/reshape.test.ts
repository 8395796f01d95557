import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension } from '../tensor/shape.ts';
import { multiplyLengths } from './lengths.ts';
import { reshapedShape } from './reshape.ts';

/** Cuts a list of factors into axes: each true ends one. */
function grouped(factors: readonly number[], ends: readonly boolean[]): number[] {
  const lengths = [1];
  for (const [place, factor] of factors.entries()) {
    lengths[lengths.length - 1] *= factor;
    if (ends[place]) lengths.push(1);
  }
  return lengths;
}

/** The number that a length is where N is `n`: another reading of its text than the one under test. */
function numberOf(length: Dimension, n: number): number {
  return String(length)
    .split('*')
    .reduce((product, part) => product * (part === 'N' ? n : Number(part)), 1);
}

const factors = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 });
const ends = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });

describe('reshapedShape', () => {
  it('finds the length that -1 stands for', () => {
    fc.assert(
      fc.property(factors, ends, ends, fc.nat(), (numbers, cutsBefore, cutsAfter, hole) => {
        const before = grouped(numbers, cutsBefore);
        const after = grouped(numbers, cutsAfter);
        const asked = after.map((length, axis) => (axis === hole % after.length ? -1 : length));
        expect(reshapedShape(before, after, false)).toEqual(after);
        expect(reshapedShape(before, asked, false)).toEqual(after);
      }),
    );
  });

  it('finds the name that -1 stands for, wherever the name was', () => {
    fc.assert(
      fc.property(factors, ends, ends, fc.nat(), fc.nat(), (numbers, cutsBefore, cutsAfter, from, to) => {
        const before: Dimension[] = grouped(numbers, cutsBefore);
        before.splice(from % (before.length + 1), 0, 'N');
        const after = grouped(numbers, cutsAfter);
        const asked = [...after];
        asked.splice(to % (after.length + 1), 0, -1);
        expect(reshapedShape(before, asked, false)).toEqual(asked.map((length) => (length === -1 ? 'N' : length)));
      }),
    );
  });

  it('refuses another number of elements', () => {
    fc.assert(
      fc.property(factors, factors, (before, after) => {
        const product = (lengths: readonly number[]) => lengths.reduce((all, length) => all * length, 1);
        fc.pre(product(before) !== product(after));
        expect(() => reshapedShape(before, after, false)).toThrow('elements do not fill');
      }),
    );
  });

  it('gives what the numbers that names stand for would give', () => {
    const number = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(factors, ends, ends, fc.nat(), fc.nat(), number, (numbers, cutsBefore, cutsAfter, axis, hole, n) => {
        const before = grouped(numbers, cutsBefore);
        const place = axis % before.length;
        const named = before.map((length, i): Dimension => (i === place ? multiplyLengths([length, 'N']) : length));
        const known = before.map((length, i) => (i === place ? length * n : length));
        const target = grouped(numbers, cutsAfter).map((length, i, all) => (i === hole % all.length ? -1 : length));
        const found = reshapedShape(named, target, false);
        expect(found.map((length) => numberOf(length, n))).toEqual(reshapedShape(known, target, false));
        // And back again.
        const back = before.map((length, i) => (i === place ? -1 : length));
        expect(reshapedShape(found, back, false)).toEqual(named);
      }),
    );
  });

  it('refuses a multiple that may not divide', () => {
    expect(() => reshapedShape(['N', 6], [-1, 4], false)).toThrow('N is not known in advance');
    expect(() => reshapedShape(['2*N', 6], [3, 4], false)).toThrow('N is not known in advance');
    expect(() => reshapedShape(['2*N', 6], ['N', 6], false)).toThrow('12*N elements do not fill 6*N places');
  });

  it('keeps two names apart, equal or not', () => {
    expect(reshapedShape(['N', 'N', 6], [0, -1, 2, 3], false)).toEqual(['N', 'N', 2, 3]);
    expect(reshapedShape(['N', 'M'], [0, 0], false)).toEqual(['N', 'M']);
    expect(() => reshapedShape(['N', 'N'], [0], false)).toThrow('[N, N] into [0]: N is not known');
  });

  it('knows that a length of 0 leaves nothing, whatever a name is', () => {
    expect(reshapedShape(['N', 0], [-1, 3], false)).toEqual([0, 3]);
    expect(reshapedShape(['N', 0], [0, 5], true)).toEqual([0, 5]);
  });
});
