import { expect, it } from 'vitest';
import { around } from '../../../test/fixtures/training-run.ts';
import { amongThemselves, evaluatedOf, evaluatedText } from './evaluated-text.ts';

const value = around(1, 0);
const counts = {
  dimension: 6,
  distance: 'euclidean',
  seed: 0,
  intervals: { level: 0.95, resamples: 10, over: 'queries' },
} as const;
const classes = (images: number, count: number, queries: number, gallery: number | null = null) => ({
  ...counts,
  images,
  classes: count,
  queries,
  queriesWithoutRelevant: images - queries,
  gallery,
  triplets: 9,
  measures: { rPrecision: value, mapAtR: value, similarityPrecision: value },
});

it('says how many classes, queries and pictures a figure is about, and that few classes are few', () => {
  expect(evaluatedText(classes(28, 7, 27))).toBe(
    '28 pictures of 7 classes: 27 queries, each searched among 27 others. 7 classes are few: intervals of so few are rough, and among more pictures every figure is lower.',
  );
  expect(evaluatedText(classes(630, 90, 630))).toBe(
    '630 pictures of 90 classes: 630 queries, each searched among 629 others. Among more pictures every figure is lower.',
  );
  expect(evaluatedOf(classes(28, 7, 27))).toEqual({ pictures: 28, classes: 7, queries: 27, gallery: 27 });
  expect(evaluatedText(classes(630, 90, 630, 6299))).toBe(
    '630 pictures of 90 classes: 630 queries, each searched among 6299 others. Among more pictures every figure is lower.',
  );
});

it('says what was reached among themselves where the final figure is of a larger gallery', () => {
  const measures = {
    recallAt1: around(0.486, 0),
    rPrecision: value,
    mapAtR: around(0.3, 0),
    similarityPrecision: value,
  };
  const whileTraining = { ...classes(28, 7, 27), measures };
  expect(amongThemselves(classes(28, 7, 27, 279), whileTraining)).toBe(
    'while training they were searched among themselves, 27 others: Recall@1 48.6%, MAP@R 30.0%',
  );
  expect(amongThemselves(classes(28, 7, 27, 27), whileTraining)).toBeUndefined();
  expect(amongThemselves(undefined, whileTraining)).toBeUndefined();
});

it('says of triplets how many there are', () => {
  const report = { ...counts, triplets: 18, queries: 5, measures: { similarityPrecision: value }, scoreAtTopK: null };
  expect(evaluatedText(report)).toBe('18 triplets of 5 queries.');
  expect(evaluatedOf(report)).toBeUndefined();
});
