import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { imagePlace } from '../../pictures/datasets/image-place.ts';
import { rowsToChooseBy } from './start-rows.ts';

/** How many pictures of each class are chosen by, of classes of so many different pictures. */
function chosenOf(sizes: readonly number[], most: number): number[] {
  const labels = sizes.flatMap((size, label) => Array<number>(size).fill(label));
  const places = labels.map((_, place) => imagePlace(place));
  const twins = new Map(places.map((place) => [place, `look ${place}`]));
  const rows = rowsToChooseBy(places, labels, twins, most, RandomSource.fromSeed(0));
  expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
  return sizes.map((_, label) => rows.filter((row) => labels[row] === label).length);
}

describe('rowsToChooseBy', () => {
  it('takes all pictures where there is room, of those that look the same one a class', () => {
    const places = [0, 1, 2, 3, 4].map(imagePlace);
    const twins = new Map(places.map((place) => [place, place < 3 ? 'same' : `look ${place}`]));
    const rows = rowsToChooseBy(places, [0, 0, 1, 1, 1], twins, 10, RandomSource.fromSeed(0));
    expect(rows).toEqual([0, 2, 3, 4]);
  });

  it('takes whole classes of many', () => {
    const chosen = chosenOf(Array<number>(100).fill(7), 240);
    expect(chosen.filter((count) => count === 7)).toHaveLength(34);
    expect(chosen.filter((count) => count === 0)).toHaveLength(66);
  });

  it('takes a part of every one of few large classes: the first would leave no room for others', () => {
    expect(chosenOf([6000, 6000, 6000, 6000], 2500)).toEqual([625, 625, 625, 625]);
    const unequal = chosenOf([3000, ...Array<number>(99).fill(20)], 2500);
    expect(unequal[0]).toBe(83);
    expect(unequal.slice(1)).toEqual(Array(99).fill(20));
  });

  it('takes pictures that are alone in their class last', () => {
    expect(chosenOf([...Array<number>(500).fill(1), 2, 3], 100).slice(500)).toEqual([2, 3]);
  });
});
