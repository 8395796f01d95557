import { describe, expect, it } from 'vitest';
import { tinyClassBatch, tinyConfig, tinyNormalizedConfig } from '../../../../test/fixtures/tiny-training.ts';
import { rowsOf } from '../../../training/configuration/step/batch-config.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { fitMemory, stepMemory } from './fit-memory.ts';

/** 96 rows of 32 x 32 pixels: large enough for the activations to count. */
const triplets: TrainingConfig = {
  ...tinyConfig,
  network: { ...tinyConfig.network, width: 32, height: 32 },
  batch: { kind: 'triplets', triplets: 32 },
  engine: { ...tinyConfig.engine, rowsAtOnce: 96 },
};
const classes: TrainingConfig = {
  ...triplets,
  loss: { kind: 'supcon', temperature: 0.1 },
  batch: { ...tinyClassBatch, rows: 96 },
};
const divisors = (rows: number, unit: number) =>
  Array.from({ length: rows / unit }, (_, k) => unit * (k + 1)).filter((atOnce) => rows % atOnce === 0);

describe('fitMemory', () => {
  it('leaves a configuration as it is where all rows fit, or where memory is not limited', () => {
    expect(fitMemory(triplets, undefined)).toBe(triplets);
    expect(fitMemory(triplets, stepMemory(triplets, 96))).toBe(triplets);
    expect(fitMemory(tinyNormalizedConfig, 1e12)).toBe(tinyNormalizedConfig);
  });

  it.each([
    ['triplets', triplets, 3],
    ['classes', classes, 1],
  ] as const)('takes the largest slice of a batch of %s that fits', (_, config, unit) => {
    const sizes = divisors(rowsOf(config.batch), unit).slice(0, -1);
    for (const atOnce of sizes.slice(-4)) {
      const fitted = fitMemory(config, stepMemory(config, atOnce));
      expect(fitted).toEqual({ ...config, engine: { ...config.engine, rowsAtOnce: atOnce } });
    }
    for (const [index, atOnce] of sizes.entries()) {
      if (index > 0) expect(stepMemory(config, atOnce)).toBeGreaterThan(stepMemory(config, sizes[index - 1]));
    }
  });

  it('says what is needed where not even one slice fits', () => {
    expect(() => fitMemory(triplets, 1e6)).toThrow(
      /^a step of 96 rows takes about 0\.\d\d GB and 0.00 GB were allowed; even 3 rows at once take 0\.\d\d GB: allow more with options.memoryBytes$/,
    );
  });

  it('says why a batch-normalised network cannot be cut', () => {
    const config = { ...classes, network: { ...classes.network, batchNormalization: true } };
    expect(() => fitMemory(config, stepMemory(config, 96) - 1)).toThrow(
      /it cannot be cut into slices, for batch normalisation needs all rows together: allow more with options.memoryBytes, or use fewer choices.rows/,
    );
  });
});
