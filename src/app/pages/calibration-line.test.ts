import { expect, it } from 'vitest';
import { calibrationLine } from './calibration-line.ts';

it('says on what a model is calibrated, or why it is not', () => {
  const calibration = {
    distance: 'euclidean',
    method: 'isotonic',
    steps: [{ from: 0, to: 2, share: 0.5, alike: 50, unlike: 50 }],
    unsure: { from: 0.612, to: 0.934 },
    baseRate: 0.1,
    pairs: { alike: 1200, unlike: 10_800 },
    images: 155,
    classes: 10,
    source: '155 pictures kept from training',
  } as const;
  expect(calibrationLine({ calibration: { ...calibration, steps: [...calibration.steps] } })).toBe(
    'calibrated on 155 pictures kept from training, 1200 pairs of one class and 10800 of two: ' +
      'pairs nearer than 0.61 are probably alike, those beyond 0.93 probably not',
  );
  expect(calibrationLine({ refused: 'too little' })).toBe('not calibrated: too little');
});
