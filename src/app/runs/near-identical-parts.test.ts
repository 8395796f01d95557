import { expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { placesOf } from '../../../test/support/places-of.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { nearIdenticalParts } from './near-identical-parts.ts';

const size = 32;
const plain = pixelDataset(evenClasses(2, 4), { size });
const pixelsOf = (place: number) => (plain.images[place].source as Extract<ImageSource, { kind: 'pixels' }>).data;
const picture = (data: Extract<ImageSource, { kind: 'pixels' }>['data']): ImageSource => ({
  kind: 'pixels',
  width: size,
  height: size,
  channels: 3,
  data,
});
// Image 4 is image 1 a byte brighter here and there; 5 and 6 are equal, and nearly image 2.
const dataset = pixelDataset(evenClasses(2, 4), {
  size,
  sources: {
    4: picture(pixelsOf(1).map((value, at) => (at % 5 === 0 ? value + 1 : value))),
    5: picture(pixelsOf(2).map((value) => value + 2)),
    6: picture(pixelsOf(2).map((value) => value + 2)),
  },
});
const pixels = new PixelCache(dataset, preprocessingRule(size, size));

it('names each judged picture that looks nearly like one that is trained on', async () => {
  const found = await nearIdenticalParts(
    { pixels, places: placesOf([0, 1, 2, 3]) },
    { pixels, places: placesOf([7, 6, 5, 4]) },
  );
  expect(found.sort((a, b) => a.judged - b.judged)).toEqual([
    { judged: 4, trained: 1 },
    { judged: 5, trained: 2 },
    { judged: 6, trained: 2 },
  ]);
});

it('finds nothing between different pictures, and without judged ones', async () => {
  expect(
    await nearIdenticalParts({ pixels, places: placesOf([0, 1, 3]) }, { pixels, places: placesOf([7, 5, 6]) }),
  ).toEqual([]);
  expect(await nearIdenticalParts({ pixels, places: placesOf([0, 1]) }, { pixels, places: [] })).toEqual([]);
});
