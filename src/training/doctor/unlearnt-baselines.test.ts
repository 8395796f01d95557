import { expect, it } from 'vitest';
import { around } from '../../../test/fixtures/training-run.ts';
import { findNoBetterThanUnlearnt } from './unlearnt-baselines.ts';

const measures = (recallAt1: number, mapAtR: number) => ({
  recallAt1: around(recallAt1, 0.1),
  mapAtR: around(mapAtR, 0.1),
  similarityPrecision: around(0.9, 0.1),
});
const named = (name: string, recallAt1: number, mapAtR: number) => ({ name, measures: measures(recallAt1, mapAtR) });

it('names the baselines that a model does not beat, with the figures', () => {
  const found = findNoBetterThanUnlearnt(measures(0.146, 0.06), [
    named('raw pixels', 0.12, 0.05),
    named('HOG', 0.173, 0.07),
  ]);
  expect(found?.title).toBe('No better than HOG');
  expect(found?.seen).toBe(
    'On the held-out pictures the model has Recall@1 14.6%, MAP@R 6.0%; HOG, which learnt nothing from these pictures, Recall@1 17.3%, MAP@R 7.0%.',
  );
  expect(found?.numbers).toEqual({ recallAt1: 0.146, mapAtR: 0.06, 'recallAt1 of HOG': 0.173, 'mapAtR of HOG': 0.07 });
  const both = findNoBetterThanUnlearnt(measures(0.1, 0.06), [
    named('raw pixels', 0.12, 0.05),
    named('HOG', 0.1, 0.02),
  ]);
  expect(both?.title).toBe('No better than raw pixels and HOG');
  expect(both?.meaning).toMatch(/^By one of these measures/);
  const all = findNoBetterThanUnlearnt(measures(0.1, 0.02), [
    named('raw pixels', 0.05, 0.01),
    named('HOG', 0.2, 0.03),
    named('packaged model', 0.4, 0.3),
    named('untouched backbone', 0.5, 0.4),
  ]);
  expect(all?.title).toBe('No better than HOG, the packaged model and the untouched backbone');
  expect(all?.seen).toContain(
    'the packaged model, which learnt nothing from these pictures, Recall@1 40.0%, MAP@R 30.0%',
  );
  expect(all?.remedy).toMatch(/^Train with choices\.preset: 'auto': it starts from what needs no training/);
});

it('does not send a run of auto to auto', () => {
  const found = findNoBetterThanUnlearnt(measures(0.1, 0.02), [named('packaged model', 0.4, 0.3)], {
    chosenByFolds: true,
  });
  expect(found?.remedy).toMatch(
    /^Folds of these pictures found nothing better behind this network\. Take what is as good/,
  );
  expect(found?.remedy).not.toContain('auto');
});

it('goes by similarity precision where only that was measured', () => {
  const precision = (value: number) => ({ similarityPrecision: around(value, 0.1) });
  const baseline = { name: 'HOG', measures: precision(0.8) };
  expect(findNoBetterThanUnlearnt(precision(0.8), [baseline])?.seen).toMatch(/similarity precision 80.0%; HOG/);
  expect(findNoBetterThanUnlearnt(precision(0.81), [baseline])).toBeUndefined();
});

it('is silent where the model is ahead, where all is found, and without baselines', () => {
  expect(findNoBetterThanUnlearnt(measures(0.3, 0.2), [named('HOG', 0.2, 0.1)])).toBeUndefined();
  expect(findNoBetterThanUnlearnt(measures(1, 1), [named('HOG', 1, 1)])).toBeUndefined();
  expect(findNoBetterThanUnlearnt(measures(0.1, 0.1), [])).toBeUndefined();
});
