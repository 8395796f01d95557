import { expect, it } from 'vitest';
import { TripletList } from './triplet-list.ts';
import { tripletPlaces } from './triplet-places.ts';

it('gives every place once, in the order in which triplets first name it', () => {
  const triplets = [
    { query: 7, positive: 2, negative: 9 },
    { query: 2, positive: 7, negative: 0 },
    { query: 3, positive: 0, negative: 9 },
  ];
  expect(tripletPlaces(triplets)).toEqual([7, 2, 9, 0, 3]);
  expect(tripletPlaces(TripletList.from(triplets))).toEqual([7, 2, 9, 0, 3]);
  expect(tripletPlaces([])).toEqual([]);
});
