import { expect, it } from 'vitest';
import { z } from 'zod';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { imagePlaces } from '../../pictures/datasets/image-place.ts';
import { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { preprocessingRule } from '../../pictures/preparation/preprocessing-rule.ts';
import { defineRelevance } from './define-relevance.ts';
import { loadRelevance } from './load-relevance.ts';
import { typedRelevance } from './relevance-config.ts';
import { relevanceTable, relevanceTableOf } from './relevance-table.ts';

// CONTRIBUTING's recipe, followed: a relevance is its definition and its place in a table.

/** The more relevant, the nearer the numbers of two images. */
const inOrder = defineRelevance({
  schema: z.strictObject({ kind: z.literal('order'), by: z.number() }),
  forms: ['order', 'order:<by>'],
  parse: (behind = '1') => ({ by: Number(behind) }),
  behind: ({ by }) => String(by),
  load: async ({ by }, { images, categories }) => ({
    categories,
    between: (a, b) => by / (1 + Math.abs(a - b)),
    totals: Float64Array.from(images.places, () => 1),
    estimatedTotals: 0,
  }),
});
const table = relevanceTableOf([inOrder]);
const dataset = pixelDataset(evenClasses(2, 3), { size: 8 });
const places = imagePlaces(dataset);
const images = { dataset, places, twins: places };
const options = { categoryLevels: 1, seed: 0, pixels: new PixelCache(dataset, preprocessingRule(8, 8)) };

it('loads a relevance of its own table by what was typed', async () => {
  const config = typedRelevance('order:3', table);
  expect(config).toEqual({ kind: 'order', by: 3 });
  expect(table.of(config).behind(config)).toBe('3');
  const { between, categories } = await loadRelevance(config, images, options, table);
  expect(between(0, 2)).toBe(1);
  expect([...categories]).toEqual([0, 0, 0, 1, 1, 1]);
  expect(() => typedRelevance('ordr', table)).toThrow('it is one of order or order:<by>; did you mean order?');
});

it('checks settings, and knows no others', () => {
  expect(() => table.of({ kind: 'order' }).behind({ kind: 'order' })).toThrow('by');
  expect(() => relevanceTable.of({ kind: 'order' })).toThrow(
    "there is no relevance 'order': it is one of labels, pairs, metadata, pixels, colour, hog, model",
  );
});
