import { describe, expect, it } from 'vitest';
import { evenClasses } from '../../../test/fixtures/pixel-dataset.ts';
import { ImagesByClass } from '../../ranking/triplets/images-by-class.ts';
import { TripletList } from '../../ranking/triplets/triplet-list.ts';
import type { BatchConfig } from '../configuration/step/batch-config.ts';
import { type BatchMaterial, type BatchSource, batchSource } from './batch-source.ts';

const labels = evenClasses(7, 5);
const classes: BatchMaterial = { kind: 'classes', images: new ImagesByClass(labels) };
const listed: BatchMaterial = {
  kind: 'listed',
  triplets: TripletList.from(Array.from({ length: 11 }, (_, k) => ({ query: k, positive: k + 20, negative: 35 - k }))),
};
const triplets = { kind: 'triplets', triplets: 4 } as const;
const byClass = { kind: 'classes', rows: 12, imagesPerClass: 3 } as const;

const take = (source: BatchSource, count: number) => Array.from({ length: count }, () => source.next());

const kinds: [string, BatchMaterial, BatchConfig][] = [
  ['triplets of classes', classes, triplets],
  ['listed triplets', listed, triplets],
  ['classes by images', classes, byClass],
  ['every class', classes, { kind: 'classes', rows: 14, imagesPerClass: 2, everyClass: true }],
];

describe('batchSource', () => {
  it.each(kinds)('continues exactly from its state, written as JSON: %s', (_, material, batch) => {
    for (let taken = 0; taken < 9; taken++) {
      const source = batchSource(material, batch, 3);
      take(source, taken);
      const state = JSON.parse(JSON.stringify(source.state));
      const resumed = batchSource(material, batch, 3, state);
      expect(take(resumed, 12)).toEqual(take(source, 12));
      expect(resumed.state).toEqual(source.state);
    }
  });

  it.each(kinds)('is decided by the seed: %s', (_, material, batch) => {
    const [one, same, other] = [1, 1, 2].map((seed) => take(batchSource(material, batch, seed), 6));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('gives rows in threes: query, positive, negative, every query once an epoch', () => {
    const source = batchSource(classes, triplets, 1);
    expect(source).toMatchObject({ rows: 12, epochBatches: 35 / 4, imagesPerClass: undefined });
    const rows = take(source, 35).flat();
    const queries = rows.filter((_, row) => row % 3 === 0);
    // 35 batches of 4 are 4 epochs of 35 queries.
    for (let epoch = 0; epoch < 4; epoch++) {
      expect(queries.slice(35 * epoch, 35 * (epoch + 1)).sort((a, b) => a - b)).toEqual(
        labels.map((_, image) => image),
      );
    }
    for (let row = 0; row < rows.length; row += 3) {
      const [query, positive, negative] = rows.slice(row, row + 3);
      expect(labels[positive]).toBe(labels[query]);
      expect(positive).not.toBe(query);
      expect(labels[negative]).not.toBe(labels[query]);
    }
  });

  it('gives every listed triplet once an epoch', () => {
    const source = batchSource(listed, triplets, 1);
    expect(source.epochBatches).toBe(11 / 4);
    const queries = take(source, 11)
      .flat()
      .filter((_, row) => row % 3 === 0);
    expect(queries.sort((a, b) => a - b)).toEqual(Array.from({ length: 44 }, (_, k) => Math.floor(k / 4)));
  });

  it('counts as many rows as images an epoch where a batch is classes by images', () => {
    expect(batchSource(classes, byClass, 1)).toMatchObject({ rows: 12, epochBatches: 35 / 12, imagesPerClass: 3 });
  });

  it('refuses classes by images of listed triplets, which have no classes', () => {
    expect(() => batchSource(listed, byClass, 1)).toThrow('listed triplets have no classes');
  });
});
