import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../../test/fixtures/pixel-dataset.ts';
import { ReferenceEngine } from '../../../../test/oracles/reference/reference-engine.ts';
import { unitRows } from '../../../../test/support/unit-rows.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { decodeImage } from '../../../pictures/decoding/decode-image.ts';
import { neighbourPictures } from './neighbour-pictures.ts';

const dataset = pixelDataset([undefined, ...evenClasses(3, 5)], { size: 12 });
const places = dataset.images.map((_, place) => place).slice(1);
const dimension = 4;
const data = Float32Array.from(unitRows(places.length, dimension, 1));
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

  it('shows pictures in their own shape, at most 128 pixels a side, never enlarged', async () => {
    const wide = (width: number, height: number) => ({
      kind: 'pixels' as const,
      width,
      height,
      channels: 3 as const,
      data: Uint8Array.from({ length: 3 * width * height }, (_, at) => (at * 7) % 256),
    });
    const images = [wide(400, 200), wide(9, 30), wide(128, 128)].map((source, k) => ({ id: `${k}`, source, label: 0 }));
    const shapes: ImageDataset = { ...dataset, images };
    const embeddings = { data: data.subarray(0, 3 * dimension), dimension };
    const rows = await neighbourPictures({
      dataset: shapes,
      embeddings,
      places: [0, 1, 2],
      engine,
      seed: 0,
      queries: [0, 1, 2],
    });
    expect(rows.map(({ query }) => [query.width, query.height])).toEqual([
      [128, 64],
      [9, 30],
      [128, 128],
    ]);
    const png = Buffer.from(rows[1].query.uri.replace('data:image/png;base64,', ''), 'base64');
    expect(Buffer.from((await decodeImage(png)).data).equals(Buffer.from(images[1].source.data))).toBe(true);
  });

  it('shows what there is where there are fewer pictures than wanted', async () => {
    const few = { data: data.subarray(0, 3 * dimension), dimension };
    const rows = await neighbourPictures({
      dataset,
      embeddings: few,
      places: places.slice(0, 3),
      engine,
      seed: 0,
    });
    expect(rows).toHaveLength(3);
    for (const { results } of rows) expect(results).toHaveLength(2);
  });
});
