import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { WaveletSignature } from '../../pictures/features/wavelet-signature.ts';
import { WaveletIndex } from './wavelet-index.ts';
import { waveletBin, waveletScore } from './wavelet-score.ts';

const signature = (means: readonly number[], places: readonly (readonly number[])[]): WaveletSignature => ({
  means: Float64Array.from(means),
  places: places.map((own) => Int16Array.from(own)),
});

describe('waveletBin', () => {
  it('is the larger of row and column, at most 5, whatever the sign', () => {
    const at = (row: number, column: number) => 128 * row + column;
    expect([at(0, 1), at(1, 1), -at(2, 0), at(3, 4), -at(4, 5), at(0, 6), at(127, 127)].map(waveletBin)).toEqual([
      1, 1, 2, 4, 5, 5, 5,
    ]);
  });
});

describe('waveletScore', () => {
  it('is what a hand computes', () => {
    const a = signature([0.5, 0.1, 0], [[-128, 1, 700], [2], [-129, 600]]);
    const b = signature([0.25, -0.1, 0.02], [[-128, -1, 700], [3], [-129, 601]]);
    // Means: 5.00 * 0.25 + 19.21 * 0.2 + 34.37 * 0.02. In common: Y at -[1, 0] (bin 1) and at [5, 60] (bin 5), Q at -[1, 1].
    const expected = 1.25 + 3.842 + 0.6874 - 0.83 - 0.3 - 0.36;
    expect(waveletScore(a, b)).toBeCloseTo(expected, 12);
    expect(waveletScore(b, a)).toBeCloseTo(expected, 12);
  });

  it('is minus the weights of all its coefficients for a picture and itself', () => {
    const a = signature([0.4, 0, 0], [[-257, 1], [5], []]);
    expect(waveletScore(a, a)).toBeCloseTo(-(1.01 + 0.83) - 0.14, 12);
  });

  it('takes other weights', () => {
    const a = signature([1, 0, 0], [[1], [], []]);
    const b = signature([0, 0, 0], [[1], [], []]);
    const ones = Array.from({ length: 6 }, (_, bin) => [bin + 2, 0, 0] as const);
    expect(waveletScore(a, b, ones)).toBe(2 - 3);
  });
});

describe('WaveletIndex', () => {
  it('scores every picture as the pair alone is scored', () => {
    const random = RandomSource.fromSeed(1, 'wavelet index');
    const draw = () => {
      const places = new Set<number>();
      // Few different places, so that many are in common.
      while (places.size < 12) places.add((1 + random.integer(20)) * (random.uniform() < 0.5 ? 1 : -1));
      return [...places].sort((a, b) => a - b);
    };
    const signatures = Array.from({ length: 30 }, () =>
      signature([random.uniform(), random.uniform(), random.uniform()], [draw(), draw(), draw()]),
    );
    const index = new WaveletIndex(signatures);
    for (const query of signatures) {
      const scores = index.scores(query);
      expect(scores.length).toBe(30);
      for (const [picture, other] of signatures.entries()) {
        expect(scores[picture]).toBeCloseTo(waveletScore(query, other), 12);
      }
    }
  });
});
