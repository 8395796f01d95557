import { expect, it } from 'vitest';
import { measuresTable, namedTable, pairedTable } from './measures-table.ts';

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

it('puts two models beside each other, and the difference in points with its sign', () => {
  const mean = (value: number, half: number) => ({ value, low: value - half, high: value + half });
  const pair = (first: number, second: number) => ({
    first: mean(first, 0.05),
    second: mean(second, 0.05),
    difference: mean(first - second, 0.01),
    better: 'first' as const,
  });
  const measures = { mapAtR: pair(0.25, 0.25), recallAt1: pair(0.5, 0.455) };
  expect(pairedTable(measures)).toEqual([
    '              A      B  A - B  95% interval',
    'Recall@1  50.0%  45.5%   +4.5  +3.5 to +5.5',
    'MAP@R     25.0%  25.0%    0.0  -1.0 to +1.0',
  ]);
});

it('has at most 80 columns for every measure and all that needs no training, or two models', () => {
  const one = { value: 1, low: 1, high: 1 };
  const pair = {
    first: one,
    second: one,
    difference: { value: -0.5, low: -0.5, high: 0.5 },
    better: 'second' as const,
  };
  const keys = ['recallAt1', 'recallAt10', 'precisionAt10', 'rPrecision', 'mapAtR', 'similarityPrecision'];
  const all = <T>(value: T) => Object.fromEntries(keys.map((key) => [key, value]));
  const untrained = ['raw pixels', 'HOG', 'packaged model', 'untouched backbone'].map((name) => ({
    name,
    measures: all({ value: 0.987, low: 0.9, high: 0.999 }),
  }));
  const alone = measuresTable({ name: 'model', measures: all({ value: 0.987, low: 0.9, high: 0.999 }) }, untrained);
  expect(alone[0]).toMatch(/^ +model +95% interval +pixels +HOG +packaged +untouched$/);
  for (const line of [...alone, ...pairedTable(all(pair))]) expect(line.length).toBeLessThanOrEqual(80);
  expect(namedTable(untrained)).toEqual([
    '                      pixels    HOG  packaged  untouched',
    ...['Recall@1', 'Recall@10', 'precision@10', 'R-precision', 'MAP@R', 'similarity precision'].map(
      (name) => `${name.padEnd(20)}   98.7%  98.7%     98.7%      98.7%`,
    ),
  ]);
  expect(namedTable(untrained.slice(0, 2))[0]).toBe('                      raw pixels    HOG');
  expect(namedTable([])).toEqual([]);
});
