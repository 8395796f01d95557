import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import type { StepResult } from '../step/trainer.ts';
import { TrainingFailure, TrainingHealth } from './training-health.ts';

const well: StepResult = { loss: 0.1, activeShare: 0.5, spread: 0.4, gradientNorm: 2 };
const collapsed: StepResult = { loss: 0.2, activeShare: 1, spread: 2e-6, gradientNorm: 1e-5 };

/** The failure that these steps end in, or undefined. */
function failureOf(results: Iterable<StepResult>, collapsedLoss: number | null = 0.2): TrainingFailure | undefined {
  const health = new TrainingHealth(tinyConfig, collapsedLoss ?? undefined);
  let step = 0;
  try {
    for (const result of results) health.check(result, ++step);
  } catch (error) {
    if (error instanceof TrainingFailure) return error;
    throw error;
  }
  return undefined;
}

const times = (count: number, result: StepResult) => Array.from({ length: count }, () => result);

describe('TrainingHealth', () => {
  it.each([
    [{ loss: Number.NaN }],
    [{ loss: Number.POSITIVE_INFINITY }],
    [{ gradientNorm: Number.NaN }],
    [{ gradientNorm: Number.POSITIVE_INFINITY }],
  ])('stops a run at once at %o, and says what to change', (numbers) => {
    const failure = failureOf([well, well, { ...well, ...numbers }, well]);
    expect(failure?.kind).toBe('not-a-number');
    expect(failure?.message).toMatch(
      /^step 3: the loss is .*lower choices.learningRate \(now 0.01\) or with choices.clipNorm: 1/,
    );
  });

  it('blames no learning rate for a first loss that is no number, but the weights', () => {
    const failure = failureOf([{ ...well, loss: Number.NaN }]);
    expect(failure?.kind).toBe('not-a-number');
    expect(failure?.message).toMatch(
      /^step 1: the loss is NaN before anything was learnt.*choices.backbone or choices.weights anew/,
    );
    // The first gradient may be too large for its numbers, where clipping helps.
    expect(failureOf([{ ...well, gradientNorm: Number.POSITIVE_INFINITY }])?.message).toMatch(/choices.clipNorm: 1/);
  });

  it('stops a run whose embeddings have been all equal for fifty steps, with the loss at its gap', () => {
    expect(failureOf(times(49, collapsed))).toBeUndefined();
    const failure = failureOf([well, ...times(60, collapsed)]);
    expect(failure?.kind).toBe('collapse');
    expect(failure?.message).toMatch(
      /^step 51: for 50 steps every picture .* \(variance 2.0e-6\) and the loss stands at 0.2000.*choices.learningRate \(now 0.01\), or with choices.loss: 'supcon'$/,
    );
    // A loss without such a value is judged by the embeddings alone.
    expect(failureOf(times(50, { ...collapsed, loss: 4.8 }), null)?.kind).toBe('collapse');
  });

  it('gives no false alarm', () => {
    const steady = times(500, { ...well, loss: 0.2 });
    const learnt = times(500, { ...well, loss: 0, activeShare: 0, gradientNorm: 0 });
    const narrow = times(500, { ...collapsed, loss: 0.1 });
    const recovering = Array.from({ length: 500 }, (_, step) => (step % 50 === 49 ? well : collapsed));
    for (const run of [steady, learnt, narrow, recovering]) expect(failureOf(run)).toBeUndefined();
  });
});
