import { expect, it } from 'vitest';
import type { StartConfig } from '../../../../training/configuration/start-config.ts';
import { startLines } from './start-lines.ts';

const line = (name: string, value: number) => ({
  name,
  recallAt1: { value, low: value - 0.25, high: value + 0.05 },
  mapAtR: { value: value / 2, low: 0, high: 1 },
});
const start: StartConfig = {
  form: { kind: 'within-class', shrinkage: 0.3 },
  share: 0,
  expect: 'both',
  cut: 'compared',
  dimensionChosen: false,
  judged: { pictures: 60, classes: 5 },
  newClasses: [line('HOG', 0.4), line('kept', 0.6)],
  knownClasses: [line('HOG', 0.41), line('kept', 0.73)],
  reasons: ['length: 128 numbers'],
};

it('says of what the figures are, and that the interval of new classes is of as many others', () => {
  const lines = startLines(start);
  expect(lines.slice(0, 2)).toEqual([
    'chosen: length: 128 numbers',
    'by folds, classes that the head had not learnt, each of 60 pictures of 5 classes among all others:',
  ]);
  expect(lines[2]).toMatch(/^ +Recall@1 +as many others, 95% +MAP@R +as many others, 95%$/);
  expect(lines[4]).toMatch(/^kept +60\.0% +35\.0% to 65\.0% +30\.0% +0\.0% to 100\.0%$/);
  expect(lines[5]).toBe(
    'by folds, new pictures of classes that it had learnt, each of 60 pictures of 5 classes among all others:',
  );
  expect(lines[6]).toMatch(/^ +Recall@1 +95% of classes +MAP@R +95% of classes$/);
});

it('says nothing of counts that a file of an earlier version does not have', () => {
  const lines = startLines({ ...start, judged: null, expect: 'new-classes' });
  expect(lines[1]).toBe('by folds, classes that the head had not learnt:');
  expect(lines).toHaveLength(5);
});
