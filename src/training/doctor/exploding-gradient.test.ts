import { describe, expect, it } from 'vitest';
import { stepLines } from '../../../test/fixtures/step-lines.ts';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { findExplodingGradient } from './exploding-gradient.ts';

const norms = (values: readonly number[]) =>
  stepLines(values.length, (step) => ({ gradientNorm: values[step - 1], loss: step === values.length ? 3 : 0.5 }));

describe('findExplodingGradient', () => {
  it('says when the norm is many times what it was, and by what it could be clipped', () => {
    const found = findExplodingGradient(tinyConfig, norms([1, 2, 1, 2, 1, 2, 1.5, 60]));
    expect(found?.kind).toBe('exploding-gradient');
    // The median of the seven before is 1.5: 60 is 40 times that.
    expect(found?.seen).toBe(
      "Up to step 8 the gradient's norm rose to 60.0, 40 times its usual 1.50; the loss went from 0.500 to 3.00.",
    );
    expect(found?.remedy).toMatch(/choices.clipNorm: 3, or with a lower choices.learningRate \(now 0\.01\)/);
  });

  it('does not take a faded gradient that comes back for an explosion', () => {
    const faded = [1.2, 1.1, 0.9, 0.8, 1, 0.5, 0.1, 0.01, 1e-4, 1e-5, 1e-6, 1e-6, 0.9, 1e-6, 1.1];
    expect(findExplodingGradient(tinyConfig, norms(faded))).toBeUndefined();
    expect(findExplodingGradient(tinyConfig, norms([...faded, 30]))?.numbers['usualNorm']).toBe(1);
  });

  it('gives no alarm at noise, at a start, or where steps are clipped', () => {
    expect(findExplodingGradient(tinyConfig, norms([1, 20, 3, 15, 2, 20, 1, 18, 24]))).toBeUndefined();
    expect(findExplodingGradient(tinyConfig, norms([0.1, 90]))).toBeUndefined();
    expect(findExplodingGradient(tinyConfig, [])).toBeUndefined();
    expect(findExplodingGradient({ ...tinyConfig, clipNorm: 1 }, norms([1, 1, 1, 1, 1, 1, 900]))).toBeUndefined();
    expect(findExplodingGradient(tinyConfig, norms(new Array(30).fill(0)))).toBeUndefined();
  });
});
