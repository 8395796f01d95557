import { expect, it } from 'vitest';
import { measuresTable } from './measures-table.ts';

it('puts measures in their order, with intervals, beside what they are compared with', () => {
  const value = (share: number) => ({ value: share, low: share - 0.05, high: share + 0.05 });
  const measures = {
    mapAtR: value(0.25),
    similarityPrecision: value(0.9),
    recallAt10: value(0.6),
    recallAt1: value(0.5),
  };
  const compared = [{ name: 'HOG', measures: { mapAtR: value(0.18), similarityPrecision: value(0.86) } }];
  expect(measuresTable({ name: 'model', measures }, compared)).toEqual([
    '                      model    95% interval    HOG',
    'Recall@1              50.0%  45.0% to 55.0%',
    'Recall@10             60.0%  55.0% to 65.0%',
    'MAP@R                 25.0%  20.0% to 30.0%  18.0%',
    'similarity precision  90.0%  85.0% to 95.0%  86.0%',
  ]);
});
