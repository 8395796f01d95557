import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hamming } from './hamming.ts';
import { largestDistance } from './largest-distance.ts';
import { manhattan } from './manhattan.ts';
import { searchDistanceByName, searchDistanceNames } from './search-distance-by-name.ts';
import { signBits, signByteLength } from './sign-bits.ts';

const pairs = fc.integer({ min: 1, max: 70 }).chain((length) => {
  const element = fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(0, -0));
  const vector = fc.array(element, { minLength: length, maxLength: length });
  return fc.tuple(vector, vector);
});

describe('manhattan', () => {
  it('is the sum of differences, the same both ways', () => {
    expect(manhattan.between([1, -2, 3], [0, 2, 3])).toBe(5);
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        let sum = 0;
        for (const [d, value] of a.entries()) sum += value > b[d] ? value - b[d] : b[d] - value;
        expect(manhattan.between(a, b)).toBe(sum);
        expect(manhattan.between(b, a)).toBe(sum);
        expect(manhattan.between(a, a)).toBe(0);
      }),
    );
  });
});

describe('hamming', () => {
  it('is the number of bits that differ between packed signs', () => {
    expect(hamming.between([0.5, -0.1, 0, 2], [0.1, 0.1, -3, -2])).toBe(2);
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [left, right] = [signBits(a), signBits(b)];
        let bits = 0;
        for (const [place, byte] of left.entries()) {
          bits += (byte ^ right[place]).toString(2).split('1').length - 1;
        }
        expect(hamming.between(a, b)).toBe(bits);
        expect(hamming.between(b, a)).toBe(bits);
      }),
    );
  });
});

describe('signBits', () => {
  it('has the first element in the highest bit of the first byte', () => {
    expect([...signBits([1, 0, -1, 0.001, -0, 5, 1, -1, 3, 2])]).toEqual([0b10010110, 0b11000000]);
    expect(signByteLength(64)).toBe(8);
    expect(signByteLength(65)).toBe(9);
  });
});

describe.each(searchDistanceNames)('%s', (name) => {
  const distance = searchDistanceByName(name);
  it('has the name it is known by, and refuses vectors of different lengths', () => {
    expect(distance.name).toBe(name);
    expect(() => distance.between([1, 2], [1, 2, 3])).toThrow('one length, got 2 and 3 elements');
  });

  it('reaches its largest value on unit vectors, and is never beyond', () => {
    const corner = Array.from({ length: 9 }, () => 1 / 3);
    const opposite = corner.map((value) => -value);
    expect(distance.between(corner, opposite)).toBeCloseTo(largestDistance(name, 9), 12);
    const direction = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(direction, direction, (a, b) => {
        const unit = (vector: number[]) => vector.map((value) => value / Math.max(1e-9, Math.hypot(...vector)));
        expect(distance.between(unit(a), unit(b))).toBeLessThanOrEqual(largestDistance(name, 9) + 1e-9);
      }),
    );
  });
});
