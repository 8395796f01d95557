import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../test/fixtures/pixel-dataset.ts';
import { unitRows } from '../../test/support/unit-rows.ts';
import { ReferenceEngine } from '../engines/reference-engine.ts';
import { decodeImage } from '../images/decode-image.ts';
import { preprocess } from '../images/preprocess.ts';
import { preprocessingRule } from '../images/preprocessing-rule.ts';
import { neighbourPictures } from './neighbour-pictures.ts';

const dataset = pixelDataset([undefined, ...evenClasses(3, 5)], { size: 12 });
const places = dataset.images.map((_, place) => place).slice(1);
const dimension = 4;
const data = Float32Array.from(unitRows(places.length, dimension, 1));
const rule = preprocessingRule(8, 10);
const engine = new ReferenceEngine();

/** The places nearest to a place, by comparing with all others. */
function nearest(place: number): { readonly place: number; readonly distance: number }[] {
  const row = (of: number) => data.subarray(places.indexOf(of) * dimension, (places.indexOf(of) + 1) * dimension);
  const distance = (other: number) => Math.hypot(...row(place).map((value, at) => value - row(other)[at]));
  return places
    .filter((other) => other !== place)
    .map((other) => ({ place: other, distance: distance(other) }))
    .sort((a, b) => a.distance - b.distance);
}

describe('neighbourPictures', () => {
  it('shows random queries with their nearest neighbours, themselves left out', async () => {
    const options = {
      dataset,
      embeddings: { data, dimension },
      places,
      engine,
      rule,
      seed: 2,
      queries: 4,
      neighbours: 3,
    };
    const rows = await neighbourPictures(options);
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map(({ query }) => query.name)).size).toBe(4);
    for (const { query, results } of rows) {
      const place = dataset.images.findIndex(({ id }) => id === query.name);
      const expected = nearest(place).slice(0, 3);
      expect(results.map(({ picture }) => picture.name)).toEqual(
        expected.map((found) => dataset.images[found.place].id),
      );
      for (const [rank, { distance, relevant }] of results.entries()) {
        expect(distance).toBeCloseTo(expected[rank].distance, 5);
        expect(relevant).toBe(dataset.images[expected[rank].place].label === dataset.images[place].label);
      }
    }
    expect(await neighbourPictures(options)).toEqual(rows);
    expect(await neighbourPictures({ ...options, seed: 3 })).not.toEqual(rows);
  });

  it("shows pictures at twice the network's size, at most 128 pixels", async () => {
    const options = { dataset, embeddings: { data, dimension }, places, engine, seed: 2, queries: 1, neighbours: 1 };
    const [{ query }] = await neighbourPictures({ ...options, rule });
    expect([query.width, query.height]).toEqual([16, 20]);
    const png = Buffer.from(query.uri.replace('data:image/png;base64,', ''), 'base64');
    const place = dataset.images.findIndex(({ id }) => id === query.name);
    const shown = await preprocess(dataset.images[place].source, preprocessingRule(16, 20));
    expect(Buffer.from((await decodeImage(png)).data).equals(Buffer.from(shown))).toBe(true);
    const [large] = await neighbourPictures({ ...options, rule: preprocessingRule(224, 100) });
    expect([large.query.width, large.query.height]).toEqual([128, 128]);
  });

  it('shows what there is where there are fewer pictures than wanted', async () => {
    const few = { data: data.subarray(0, 3 * dimension), dimension };
    const rows = await neighbourPictures({
      dataset,
      embeddings: few,
      places: places.slice(0, 3),
      engine,
      rule,
      seed: 0,
    });
    expect(rows).toHaveLength(3);
    for (const { results } of rows) expect(results).toHaveLength(2);
  });
});
