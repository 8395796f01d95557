import { expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { type ImagePlace, imagePlaces } from '../../pictures/datasets/image-place.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { OnlineTriplets } from '../../ranking/triplets/samplers/online-triplets.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { tripletPlaces } from '../../ranking/triplets/triplet-places.ts';
import { FeatureTable } from './feature-table.ts';
import type { TrainingData } from './training-data.ts';

// What is no place does not compile as one: `npm run check` reads the marks, each of which has to be an error.

const dataset = pixelDataset(evenClasses(2, 3), { size: 4 });
const places = imagePlaces(dataset);
const table = new FeatureTable(new Map(places.map((place) => [place, Float32Array.of(10 * place)])), 1);

it('looks up by places what was kept by places', () => {
  expect(places).toEqual([0, 1, 2, 3, 4, 5]);
  expect(table.batch(places.slice(4)).data).toEqual(Float32Array.of(40, 50));
});

it('takes no number of a sampler, row, batch or class for a place', () => {
  const data = { train: places.slice(2), labels: Int32Array.of(0, 0, 0, 1, 1, 1) } satisfies Partial<TrainingData>;
  // Samplers count the images that are trained on.
  const images = new ImagesByClass(data.train.map((place) => data.labels[place]));
  const { query, positive }: Triplet = OnlineTriplets.fromSeed(images, 0).next();
  // @ts-expect-error a sampler's number is no place
  const bySampler = () => table.row(query);
  // @ts-expect-error the place in a batch is no place in the dataset
  const byBatch = () => data.train.map((_, row) => table.row(row));
  // @ts-expect-error a class is no place
  const byClass = () => table.batch([data.labels[0]]);
  // @ts-expect-error triplets of a sampler do not name places
  const held: TrainingData['heldOutTriplets'] = [{ query, positive, negative: query }];
  const named: number[] = tripletPlaces(held);
  const [first]: ImagePlace[] = tripletPlaces([
    { query: data.train[query], positive: data.train[1], negative: places[0] },
  ]);
  expect(table.row(first)[0]).toBe(10 * (query + 2));
  // What would be found instead: other pictures.
  expect(bySampler()[0]).toBe(10 * query);
  expect(byBatch().map(([value]) => value)).toEqual([0, 10, 20, 30]);
  expect(byClass().data).toEqual(Float32Array.of(0));
  expect(named).toContain(query);
});
