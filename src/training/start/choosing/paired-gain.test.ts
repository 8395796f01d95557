import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { pairedGain } from './paired-gain.ts';

describe('pairedGain', () => {
  it('is the mean difference, with the error of the mean where every class has one query', () => {
    const random = RandomSource.fromSeed(1);
    const differences = Float64Array.from({ length: 40 }, () => random.normal());
    const zero = new Float64Array(40);
    const mean = differences.reduce((sum, value) => sum + value, 0) / 40;
    const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 39;
    const { gain, standardError } = pairedGain(
      differences,
      zero,
      Array.from({ length: 40 }, (_, query) => query),
    );
    expect(gain).toBeCloseTo(mean, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(variance / 40), 12);
  });

  it('counts classes, not queries: copies of a query in its class say nothing more', () => {
    const once = pairedGain(Float64Array.of(1, 0, 2), Float64Array.of(0, 0, 0), [0, 1, 2]);
    const often = pairedGain(
      Float64Array.of(1, 1, 1, 0, 0, 0, 2, 2, 2),
      new Float64Array(9),
      [0, 0, 0, 1, 1, 1, 2, 2, 2],
    );
    expect(often.gain).toBeCloseTo(once.gain, 12);
    expect(often.standardError).toBeCloseTo(once.standardError, 12);
  });

  it('covers the true gain about as often as two standard errors should', () => {
    let covered = 0;
    for (let trial = 0; trial < 300; trial++) {
      const random = RandomSource.fromSeed(trial, 'gain');
      const labels = Array.from({ length: 120 }, (_, query) => query % 20);
      const ofClass = Array.from({ length: 20 }, () => random.normal());
      const values = Float64Array.from(labels, (label) => 0.5 + ofClass[label] + 0.3 * random.normal());
      const { gain, standardError } = pairedGain(values, new Float64Array(120), labels);
      if (Math.abs(gain - 0.5) < 2 * standardError) covered++;
    }
    expect(covered).toBeGreaterThan(270);
  });

  it('knows nothing of one class alone', () => {
    expect(pairedGain(Float64Array.of(1, 2), Float64Array.of(0, 0), [3, 3]).standardError).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});
