import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inferred } from '../../../test/support/shape-case.ts';
import { int64Vector } from '../tensor/tensor.ts';
import { sliceRange } from './slice.ts';

/** The elements a slice takes, by walking over the axis and asking of each whether it is between start and end. */
function walked(length: number, start: number, end: number, step: number): number[] {
  const fromStart = (place: number) => (place < 0 ? place + length : place);
  const all = Array.from({ length }, (_, index) => index);
  const between =
    step > 0
      ? all.filter((index) => index >= fromStart(start) && index < fromStart(end))
      : all.reverse().filter((index) => index <= Math.max(fromStart(start), 0) && index > fromStart(end));
  return between.filter((_, place) => place % Math.abs(step) === 0);
}

const place = fc.integer({ min: -14, max: 14 });
const step = fc.integer({ min: -4, max: 4 }).filter((by) => by !== 0);

describe('sliceRange', () => {
  it('takes the elements that walking over the axis finds', () => {
    fc.assert(
      fc.property(fc.nat(10), place, place, step, (length, start, end, by) => {
        const range = sliceRange(length, start, end, by);
        const taken = Array.from({ length: range.length }, (_, index) => range.start + index * range.step);
        expect(taken).toEqual(walked(length, start, end, by));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes everything up to the largest and the smallest integers', () => {
    expect(sliceRange(7, 0, 2 ** 63, 1)).toEqual({ start: 0, step: 1, length: 7 });
    expect(sliceRange(7, -1, -(2 ** 63), -1)).toEqual({ start: 6, step: -1, length: 7 });
  });
});

describe('Slice', () => {
  it.each([
    [0, 2 ** 31 - 1, 1],
    [0, 2 ** 62, 1],
    [-1, -(2 ** 31), -1],
    [-1, -(2 ** 63), -1],
  ])('keeps a name from %d to %d in steps of %d', (start, end, by) => {
    const inputs = [start, end, 0, by].map((value) => int64Vector([value]));
    expect(inferred('Slice', ['float32[N]', ...inputs], {})).toEqual(['float32[N]']);
  });

  it.each([
    [1, 2 ** 40, 1],
    [0, 2 ** 31 - 2, 1],
    [0, 2 ** 40, 2],
    [-1, -1, -1],
  ])('cannot tell what is left of a name from %d to %d in steps of %d', (start, end, by) => {
    const inputs = [start, end, 0, by].map((value) => int64Vector([value]));
    expect(() => inferred('Slice', ['float32[N]', ...inputs], {})).toThrow('axis 0 of [N] has no known length');
  });
});
