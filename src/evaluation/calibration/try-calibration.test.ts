import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { fitCalibration } from './fit-calibration.ts';
import { tryCalibration } from './try-calibration.ts';

/** Unit vectors in the plane: each class at an angle of its own, its pictures within `width` of it. */
function plane(classes: number, each: number, width: number) {
  const random = RandomSource.fromSeed(7, 'plane');
  const labels = Array.from({ length: classes * each }, (_, row) => Math.floor(row / each));
  const embeddings = new Float32Array(2 * labels.length);
  for (const [row, label] of labels.entries()) {
    const angle = (2 * Math.PI * label) / classes + width * (random.uniform() - 0.5);
    embeddings.set([Math.cos(angle), Math.sin(angle)], 2 * row);
  }
  return { embeddings, dimension: 2, labels, distance: 'euclidean', seed: 0, source: 'a plane' } as const;
}

describe('tryCalibration', () => {
  it('gives what fitCalibration gives', () => {
    const told = plane(8, 10, 0.2);
    expect(tryCalibration(told)).toEqual({ calibration: fitCalibration(told) });
  });

  it('says that there are too few pairs', () => {
    expect(tryCalibration(plane(4, 10, 0.2))).toEqual({
      refused: expect.stringMatching(/^calibration needs at least 100 pairs of one class.* and 4: give more/),
    });
  });

  it('refuses distances that say nothing: pictures of a class are further apart than of two', () => {
    const told = plane(10, 8, 0.1);
    // The classes go round the circle picture by picture: those of one are as far apart as can be.
    const labels = told.labels.map((_, row) => row % 10);
    expect(tryCalibration({ ...told, labels })).toEqual({
      refused: expect.stringMatching(/^at no distance are two held-out pictures more likely of one class than of two/),
    });
  });
});
