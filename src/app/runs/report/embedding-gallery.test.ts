import { expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../../test/fixtures/pixel-dataset.ts';
import { sampleConfig } from '../../../../test/fixtures/training-run.ts';
import { ReferenceEngine } from '../../../../test/oracles/reference/reference-engine.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { trainingReport } from '../../pages/report/training-report.ts';
import { embeddingGallery } from './embedding-gallery.ts';

const classes = 40;
const each = 10;
const dimension = 6;
const random = RandomSource.fromSeed(1, 'embeddings');
const data = Float32Array.from({ length: classes * each * dimension }, () => random.normal());
const engine = new ReferenceEngine();

it('shows extremes, distances and a map, in a page of less than 5 MB however noisy the pictures are', async () => {
  const dataset = pixelDataset(evenClasses(classes, each), { size: 128 });
  const places = dataset.images.map((_, place) => place);
  const options = { dataset, embeddings: { data, dimension }, places, engine, seed: 1 };
  const { extremes, distances, map } = await embeddingGallery(options);
  expect(extremes?.best).toHaveLength(4);
  expect(extremes?.worst).toHaveLength(4);
  const queries = [...extremes!.best, ...extremes!.worst].map(({ query }) => query.name);
  expect(new Set(queries).size).toBe(8);
  expect(distances?.images).toBe(400);
  expect(map?.places).toHaveLength(400);
  const pictured = map!.places.filter(({ picture }) => picture !== undefined);
  expect(pictured.length).toBeGreaterThan(50);
  // No picture covers another by more than a little.
  for (const [index, a] of pictured.entries()) {
    for (const b of pictured.slice(index + 1)) {
      expect(Math.max(968 * Math.abs(a.x - b.x), 648 * Math.abs(a.y - b.y))).toBeGreaterThan(27);
    }
  }
  const page = trainingReport({
    title: 'x',
    config: sampleConfig,
    log: [],
    measures: [],
    extremes: extremes!,
    distances: distances!,
    map: map!,
  });
  expect(page.length).toBeLessThan(5e6);
});

it('shows a map alone where there are no classes', async () => {
  const dataset = pixelDataset(new Array(12).fill(undefined), { size: 8 });
  const places = dataset.images.map((_, place) => place);
  const embeddings = { data: data.slice(0, 12 * dimension), dimension };
  const gallery = await embeddingGallery({
    dataset,
    embeddings,
    places,
    engine,
    seed: 0,
  });
  expect(Object.keys(gallery)).toEqual(['map']);
  expect(gallery.map?.places).toHaveLength(12);
});
