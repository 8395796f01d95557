import { expect, it } from 'vitest';
import { percent } from '../../foundation/text/percent.ts';
import { measureName } from './measure-name.ts';

it.each([
  ['recallAt1', 'Recall@1'],
  ['precisionAt10', 'precision@10'],
  ['rPrecision', 'R-precision'],
  ['mapAtR', 'MAP@R'],
  ['similarityPrecision', 'similarity precision'],
  ['recallAtX', 'recallAtX'],
])('%s is called %s', (key, name) => {
  expect(measureName(key)).toBe(name);
});

it.each([
  [0, '0.0%'],
  [0.43725, '43.7%'],
  [1, '100.0%'],
])('%d is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});
