import { describe, expect, it } from 'vitest';
import { fitCalibration } from '../../../evaluation/calibration/fit-calibration.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { imagePlace } from '../../../pictures/datasets/image-place.ts';
import { calibratedHere, calibrationRemark, heldOutRows } from './calibrated-here.ts';

const random = RandomSource.fromSeed(5, 'rows');
const labels = Int32Array.from({ length: 96 }, (_, row) => Math.floor(row / 8));
const embeddings = Float32Array.from({ length: 2 * labels.length }, (_, at) => {
  const angle = (2 * Math.PI * labels[at >> 1]) / 12 + 0.2 * random.uniform();
  return at % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
});
const heldOut = Array.from(labels.keys(), imagePlace).filter((place) => labels[place] % 2 === 1);
const pictures = { images: [], labels, train: [], heldOut, by: 'class' } as const;

describe('a calibration in the page', () => {
  it("is that of Node's function on the pictures that were kept aside", () => {
    const tried = calibratedHere({ ...heldOutRows(embeddings, pictures), distance: 'euclidean', seed: 3 });
    const expected = fitCalibration({
      embeddings: Float32Array.from(heldOut.flatMap((place) => [embeddings[2 * place], embeddings[2 * place + 1]])),
      dimension: 2,
      labels: heldOut.map((place) => labels[place]),
      distance: 'euclidean',
      seed: 3,
      source: '48 pictures that were not learnt, in a page',
    });
    expect(tried).toEqual({ calibration: expected });
    expect(calibrationRemark(tried)).toMatch(
      /^It is calibrated on 48 pictures that were not learnt, in a page: nearer than \d\.\d\d two are probably alike, further than \d\.\d\d probably not\.$/,
    );
  });

  it('is left out where there is too little for one, and it is said why', () => {
    const few = calibratedHere({
      data: embeddings.slice(0, 32),
      labels: [...labels.slice(0, 16)],
      parts: [16],
      distance: 'euclidean',
      seed: 3,
    });
    expect(calibrationRemark(few)).toMatch(/^It has no calibration: calibration needs at least 100 pairs of one class/);
    const none = calibratedHere({
      ...heldOutRows(embeddings, { ...pictures, heldOut: [] }),
      distance: 'euclidean',
      seed: 3,
    });
    expect(calibrationRemark(none)).toBe('It has no calibration: no picture could be kept aside to calibrate it by.');
  });
});
