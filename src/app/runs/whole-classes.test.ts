import { expect, it } from 'vitest';
import { placesOf } from '../../../test/support/places-of.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { wholeClasses } from './whole-classes.ts';

const labels = [0, 1, 2, -1, 0, 1, 2, 0, 0, 2];
const places = placesOf(labels.map((_, place) => place));
const random = () => RandomSource.fromSeed(1, 'classes');

it('gives classes one after the other, all of each up to a limit, and no place without a class', () => {
  const all = wholeClasses(places, labels, { mostImages: 100, mostOfClass: 100 }, random());
  expect([...all].sort((a, b) => a - b)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
  const runs = all.map((place) => labels[place]).filter((label, at, whole) => label !== whole[at - 1]);
  expect(new Set(runs).size).toBe(runs.length);
  const few = wholeClasses(places, labels, { mostImages: 5, mostOfClass: 2 }, random());
  expect(few).toHaveLength(5);
  for (const label of [0, 1, 2]) expect(few.filter((place) => labels[place] === label).length).toBeLessThanOrEqual(2);
  expect(wholeClasses(places, labels, { mostImages: 5, mostOfClass: 2 }, random())).toEqual(few);
});
