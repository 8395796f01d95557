import { describe, expect, it } from 'vitest';
import { placesOf } from '../../../test/support/places-of.ts';
import { trainingClasses } from './training-classes.ts';

describe('trainingClasses', () => {
  it('numbers what is trained on in the order of the labels, without holes', () => {
    // Places 0 to 7; class 1 is kept from training, place 7 has no class.
    const labels = Int32Array.of(5, 1, 0, 3, 1, 5, 0, -1);
    expect(trainingClasses({ train: placesOf([5, 3, 2, 0, 6]), labels })).toEqual({
      count: 3,
      numberOf: Int32Array.of(2, -1, 0, 1, -1, 2, 0, -1),
    });
  });

  it('has none where nothing has a class', () => {
    expect(trainingClasses({ train: placesOf([0, 1]), labels: Int32Array.of(-1, -1) })).toEqual({
      count: 0,
      numberOf: Int32Array.of(-1, -1),
    });
  });
});
