import { expect, it } from 'vitest';
import { tinyClassBatch, tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { findCollapsedModel, spreadOf } from './collapsed-model.ts';

/** Unit vectors around one direction: the nearer, the smaller `away`. */
function around(away: number, rows = 200, dimension = 8): Float32Array {
  const random = RandomSource.fromSeed(1, 'spread');
  return Float32Array.from(
    Array.from({ length: rows }, () => {
      const row = Array.from({ length: dimension }, (_, place) => (place === 0 ? 1 : 0) + away * random.normal());
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    }).flat(),
  );
}

it('is the mean squared distance from the mean embedding', () => {
  for (const away of [0.01, 0.3, 5]) {
    const embeddings = around(away);
    const rows = Array.from({ length: 200 }, (_, row) => [...embeddings.subarray(8 * row, 8 * row + 8)]);
    const mean = rows[0].map((_, place) => rows.reduce((sum, row) => sum + row[place], 0) / 200);
    const squared = rows.map((row) => row.reduce((sum, value, place) => sum + (value - mean[place]) ** 2, 0));
    expect(spreadOf(embeddings, 8)).toBeCloseTo(squared.reduce((sum, value) => sum + value, 0) / 200, 5);
  }
});

it('names a model that gives all pictures nearly the same embedding, and asks for more where the loss does not tell', () => {
  const [near, nearer, apart] = [around(0.07), around(0.02), around(0.5)].map((some) => spreadOf(some, 8));
  expect(near).toBeGreaterThan(0.01);
  expect(near).toBeLessThan(0.05);
  const multi = {
    ...tinyConfig,
    batch: tinyClassBatch,
    loss: { kind: 'multi-similarity', alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 },
  } as const;
  expect(findCollapsedModel(tinyConfig, near, 200)?.seen).toMatch(/embeddings of 200 pictures is 0\.0\d+ of 1/);
  expect(findCollapsedModel(multi, near, 200)).toBeUndefined();
  expect(findCollapsedModel(multi, nearer, 200)?.kind).toBe('collapse');
  expect(findCollapsedModel(tinyConfig, apart, 200)).toBeUndefined();
  // One picture alone says nothing.
  expect(findCollapsedModel(tinyConfig, 0, 1)).toBeUndefined();
});
