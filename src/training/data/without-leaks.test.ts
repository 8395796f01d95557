import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutLeaks } from './without-leaks.ts';

const places = [0, 1, 2, 3, 4, 5, 6, 7];
const labels = [0, 0, 1, 1, 2, 2, 3, 3];
const groupsOf = (...numbers: number[]) => new Map(places.map((place) => [place, numbers[place]]));

describe('withoutLeaks', () => {
  it('moves nothing where nothing looks alike, or only on one side', () => {
    const apart = groupsOf(0, 1, 2, 3, 4, 5, 6, 7);
    expect(withoutLeaks(places, [4, 5, 6, 7], labels, apart, 'class')).toEqual({ heldOut: [4, 5, 6, 7], moved: [] });
    const within = groupsOf(0, 0, 0, 3, 4, 4, 4, 7);
    expect(withoutLeaks(places, [4, 5, 6, 7], labels, within, 'class').moved).toEqual([]);
  });

  it('moves single pictures where single ones are held out', () => {
    const groups = groupsOf(0, 1, 2, 3, 4, 1, 6, 6);
    expect(withoutLeaks(places, [5, 6], labels, groups, 'image')).toEqual({ heldOut: [], moved: [5, 6] });
    expect(withoutLeaks(places, [5, 6, 7], labels, groups, 'image')).toEqual({ heldOut: [6, 7], moved: [5] });
  });

  it('moves whole classes where classes are held out, and those that then leak', () => {
    // Picture 4 is a copy of 0, 7 one of 5: class 2 is moved for the first, class 3 for the second.
    const groups = groupsOf(0, 1, 2, 3, 0, 5, 6, 5);
    expect(withoutLeaks(places, [4, 5, 6, 7], labels, groups, 'class')).toEqual({ heldOut: [], moved: [4, 5, 6, 7] });
    expect(withoutLeaks(places, [2, 3, 4, 5], labels, groupsOf(0, 1, 2, 3, 0, 5, 6, 7), 'class')).toEqual({
      heldOut: [2, 3],
      moved: [4, 5],
    });
  });

  it('leaves no group on both sides, whatever looks alike', () => {
    const numbers = fc.array(fc.nat(9), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(numbers, fc.subarray(places), fc.constantFrom('class', 'image'), (found, some, by) => {
        const classes = new Set(some.map((place) => labels[place]));
        const held = by === 'class' ? places.filter((place) => classes.has(labels[place])) : some;
        const { heldOut, moved } = withoutLeaks(places, held, labels, groupsOf(...found), by as 'class' | 'image');
        expect([...heldOut, ...moved].sort()).toEqual([...held].sort());
        const trained = places.filter((place) => !heldOut.includes(place));
        for (const place of heldOut) for (const other of trained) expect(found[place]).not.toBe(found[other]);
      }),
    );
  });
});
