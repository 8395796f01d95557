import { expect, it } from 'vitest';
import { imagesThatLook } from '../../../../test/fixtures/examined-images.ts';
import { tinyConfig } from '../../../../test/fixtures/tiny-training.ts';
import { ImagesByClass } from '../../../ranking/triplets/images-by-class.ts';
import { TripletList } from '../../../ranking/triplets/triplet-list.ts';
import { batchSource } from '../../data/batch-source.ts';
import { findUnvisitedClasses } from './unvisited-classes.ts';

const classes = 20;
const labels = Array.from({ length: 3 * classes }, (_, image) => Math.floor(image / 3));
const letters = labels.map((label) => String.fromCharCode('a'.charCodeAt(0) + label)).join(' ');
const images = imagesThatLook(labels.map((_, image) => `look${image}`).join(' '), letters);
const material = { kind: 'classes', images: new ImagesByClass(labels) } as const;
const batch = { kind: 'classes', rows: 12, imagesPerClass: 3, everyClass: false } as const;

/** The classes that the first batches of a run have, by the source that the run itself would use. */
function visited(steps: number, seed: number): Set<number> {
  const source = batchSource(material, batch, seed);
  return new Set(
    Array.from({ length: steps }, () => source.next())
      .flat()
      .map((image) => labels[image]),
  );
}

it('names the classes that no batch of a short run has', () => {
  // Four classes a step: three steps have twelve of twenty.
  const found = findUnvisitedClasses({ batch, seed: 4, steps: 3 }, material, images);
  const missing = [...new Set(labels)].filter((label) => !visited(3, 4).has(label));
  expect(missing).toHaveLength(8);
  expect(found?.numbers).toEqual({ unvisited: 8, classes: 20, steps: 3, rows: 12 });
  expect(found?.images.map(({ note }) => note)).toEqual(missing.map(images.classOf));
  expect(found?.images[0].ids).toEqual([`${3 * missing[0]}.png`]);
  expect(found?.seen).toMatch(/^In 3 steps of 12 pictures 8 of 20 classes never appear: .*, . and 3 more\.$/);
  expect(found?.remedy).toMatch(/choices.steps: 5 or more/);
});

it('gives no alarm once a pass is done, and where there are no classes', () => {
  expect(visited(5, 4).size).toBe(20);
  expect(findUnvisitedClasses({ batch, seed: 4, steps: 5 }, material, images)).toBeUndefined();
  expect(findUnvisitedClasses({ ...tinyConfig, steps: 500 }, material, images)).toBeUndefined();
  const triplets = TripletList.from([{ query: 0, positive: 1, negative: 3 }]);
  expect(findUnvisitedClasses({ ...tinyConfig, steps: 1 }, { kind: 'listed', triplets }, images)).toBeUndefined();
});
