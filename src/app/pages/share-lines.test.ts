import { expect, it } from 'vitest';
import type { Calibration } from '../../evaluation/calibration/calibration.ts';
import { shareLines } from './share-lines.ts';

const calibration: Calibration = {
  distance: 'euclidean',
  method: 'logistic',
  steps: [{ from: 0, to: 2, share: 0.5, alike: 100, unlike: 1200 }],
  unsure: { from: 0, to: 2 },
  baseRate: 1 / 13.2,
  pairs: { alike: 100, unlike: 1200 },
  images: 168,
  classes: 14,
  source: '168 pictures kept from training',
};

it('names the pictures that shares were measured on, and how often pairs of them were of one class', () => {
  const text = shareLines(calibration).join('\n');
  expect(text).toContain('among 168 pictures kept from training, where one pair in 13 was of one class\n');
  expect(text).toContain('the pictures of this store may have other shares');
  expect(shareLines({ ...calibration, baseRate: 1 / 4321.4 }).join('\n')).toContain('one pair in 4,321 was');
  expect(shareLines({ ...calibration, baseRate: 0 }).join('\n')).toContain('no pair was');
});
