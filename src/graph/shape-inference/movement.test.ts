import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferred } from '../../../test/support/shape-case.ts';
import { int64Vector } from '../tensor/tensor.ts';
import { equalSplit, padsOfAxes } from './movement.ts';

describe('padsOfAxes', () => {
  it('gives each axis its beginning and its end', () => {
    expect(padsOfAxes(2, [1, 2, 3, 4])).toEqual([
      { begin: 1, end: 3 },
      { begin: 2, end: 4 },
    ]);
    expect(padsOfAxes(3, [1, 2, 3, 4], [-1, 0])).toEqual([
      { begin: 2, end: 4 },
      { begin: 0, end: 0 },
      { begin: 1, end: 3 },
    ]);
  });
});

describe('equalSplit', () => {
  it('deals the elements out piece by piece', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 8 }), (length, count) => {
        const piece = Math.ceil(length / count);
        const dealt = Array.from({ length: count }, () => 0);
        for (let element = 0; element < length; element++) dealt[Math.floor(element / piece)]++;
        if (length > 0 && dealt.includes(0)) expect(() => equalSplit(length, count)).toThrow('cannot be split');
        else expect(equalSplit(length, count)).toEqual(dealt);
      }),
    );
  });
});

describe('Concat', () => {
  it('undoes Split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: -3, max: 2 }),
        (pieces, axis) => {
          const shape = ['2', 'N', '4'];
          shape[axis < 0 ? axis + 3 : axis] = `${pieces.reduce((sum, piece) => sum + piece, 0)}`;
          const whole = `float32[${shape.join(', ')}]`;
          const parts = inferred('Split', [whole, int64Vector(pieces)], { axis }, pieces.length);
          expect(parts).toHaveLength(pieces.length);
          expect(inferred('Concat', parts, { axis })).toEqual([whole]);
        },
      ),
    );
  });
});
