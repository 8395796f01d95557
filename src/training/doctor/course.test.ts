import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { around } from '../../../test/fixtures/training-run.ts';
import type { EvaluationLine } from '../loop/training-log.ts';
import { findPlateau, findStillImproving } from './course.ts';

const config = { ...tinyConfig, steps: 30, stepsPerEpoch: 10 };
/** Evaluations in equal steps up to the last. */
const course = (...scores: number[]): EvaluationLine[] =>
  scores.map((score, index) => ({
    step: (30 / scores.length) * (index + 1),
    measure: 'mapAtR',
    score: around(score, 0.05),
  }));

describe('findPlateau', () => {
  it('names a best evaluation that lies far behind, with what came after', () => {
    const found = findPlateau(config, course(0.7, 0.929, 0.91, 0.9, 0.91, 0.883));
    expect(found?.seen).toBe(
      'MAP@R of the held-out pictures was best at step 10, 92.9%; the 4 evaluations behind it reached 91.0% at most, and the last, at step 30, 88.3%.',
    );
    expect(found?.remedy).toMatch(/choices.steps: 20 would do for the same/);
    expect(found?.numbers).toMatchObject({
      step: 10,
      score: 0.929,
      evaluationsSince: 4,
      lastStep: 30,
      lastScore: 0.883,
    });
  });

  it('is silent where the best is near the end, evaluations are few, or nothing is left to learn', () => {
    expect(findPlateau(config, [])).toBeUndefined();
    expect(findPlateau(config, course(0.1, 0.2, 0.3, 0.4, 0.39, 0.38))).toBeUndefined();
    expect(findPlateau(config, course(0.5, 0.4, 0.3))).toBeUndefined();
    expect(findPlateau(config, course(0.5, 1, 1, 1, 1, 1))).toBeUndefined();
  });
});

describe('findStillImproving', () => {
  it('names a run that ended while it was rising, with the epochs that its steps were', () => {
    const found = findStillImproving(config, course(0.065, 0.1, 0.12, 0.15, 0.2, 0.242));
    expect(found?.seen).toBe(
      'MAP@R of the held-out pictures rose from 15.0% at step 20 to 24.2% at step 30, the last.',
    );
    expect(found?.meaning).toMatch(/30 steps are 3 epochs of these pictures/);
    expect(found?.remedy).toBe('Train anew with more steps: choices.steps: 60.');
  });

  it('is silent where it had levelled off, was stopped early, or was judged too seldom', () => {
    expect(findStillImproving(config, [])).toBeUndefined();
    expect(findStillImproving(config, course(0.1, 0.2, 0.3, 0.395, 0.398, 0.4))).toBeUndefined();
    expect(findStillImproving(config, course(0.1, 0.2, 0.3, 0.4, 0.5, 0.45))).toBeUndefined();
    expect(findStillImproving({ ...config, steps: 60 }, course(0.1, 0.2, 0.3, 0.4, 0.5, 0.6))).toBeUndefined();
    expect(findStillImproving(config, course(0.1, 0.5))).toBeUndefined();
  });
});
