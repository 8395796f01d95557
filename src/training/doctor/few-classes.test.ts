import { expect, it } from 'vitest';
import { evaluationReportSchema } from '../../evaluation/reports/evaluation-report.ts';
import { findFewClasses } from './few-classes.ts';

const around = (value: number, by: number) => ({ value, low: value - by, high: Math.min(1, value + by) });
const report = (by: number, over: 'classes' | 'other-classes' = 'other-classes') =>
  evaluationReportSchema.parse({
    images: 60,
    classes: 5,
    dimension: 128,
    queries: 60,
    queriesWithoutRelevant: 0,
    triplets: 100,
    seed: 0,
    intervals: { level: 0.95, resamples: 1000, over },
    measures: {
      recallAt1: around(0.9, by),
      rPrecision: around(0.5, 0.1),
      mapAtR: around(0.5, 0.4),
      similarityPrecision: around(0.9, 0.1),
    },
  });
const line = { name: 'kept', recallAt1: around(0.9, 0.1), mapAtR: around(0.5, 0.1) };
const both = { expect: 'both' as const, newClasses: [line] };

it('says between what ends other classes are, where that is far from the figure', () => {
  const found = findFewClasses(report(0.2), both);
  expect(found?.kind).toBe('few-classes');
  expect(found?.seen).toBe(
    'Folds find Recall@1 90.0% of 5 classes; of as many other classes it is between 70.0% and 100.0%, with 95%.',
  );
  expect(found?.numbers).toEqual({ classes: 5, recallAt1: 0.9, low: 0.7, high: 1 });
  expect(found?.remedy).toContain("('lookalike evaluate' of their folder)");
});

it('says that nothing is known of other classes, where they are too few to be held out', () => {
  const found = findFewClasses(report(0.02, 'classes'), { expect: 'both', newClasses: [] });
  expect(found?.meaning).toBe('How well the model finds pictures of other classes is not known.');
  expect(found?.numbers).toEqual({ classes: 5 });
});

it('says nothing where other classes are near, or nobody asks for them', () => {
  expect(findFewClasses(report(0.14), both)).toBeUndefined();
  expect(findFewClasses(report(0.2), { ...both, expect: 'known-classes' })).toBeUndefined();
  expect(findFewClasses(report(0.15, 'classes'), { expect: 'known-classes', newClasses: [] })).toBeUndefined();
});
