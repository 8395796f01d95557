import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calibration } from './calibration.ts';
import { distanceOfShare } from './distance-of-share.ts';
import { shareAlike } from './share-alike.ts';

const counts = { alike: 10, unlike: 10 };
const calibration: Calibration = {
  ...{ distance: 'euclidean', method: 'isotonic', unsure: { from: 0.5, to: 1 }, baseRate: 0.2 },
  steps: [
    { from: 0, to: 0.4, share: 0.96, ...counts },
    { from: 0.5, to: 0.7, share: 0.7, ...counts },
    { from: 0.9, to: 1.2, share: 0.05, ...counts },
  ],
  ...{ pairs: counts, images: 20, classes: 4, source: 'test' },
};

describe('distanceOfShare', () => {
  it('is the largest distance that reaches a share', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const distance = distanceOfShare(calibration, share);
        // By another route: every distance of a fine grid.
        const grid = Array.from({ length: 1201 }, (_, n) => n / 1000);
        const reached = grid.filter((one) => shareAlike(calibration, one).natural >= share);
        if (distance === undefined) expect(reached).toEqual([]);
        else {
          expect(shareAlike(calibration, distance).natural).toBeGreaterThanOrEqual(share - 1e-9);
          expect(Math.abs(distance - Math.max(...reached))).toBeLessThanOrEqual(0.001 + 1e-9);
        }
      }),
    );
  });

  it('is the end of a flat step, the end of the curve, or none', () => {
    const natural = (0.96 * 0.2) / (0.96 * 0.2 + 0.04 * 0.8);
    expect(distanceOfShare(calibration, natural - 1e-12)).toBeCloseTo(0.4, 9);
    expect(distanceOfShare(calibration, 0)).toBe(1.2);
    expect(distanceOfShare(calibration, 0.9)).toBeUndefined();
  });
});
