import { expect, it } from 'vitest';
import { sampleLog } from '../../../test/fixtures/training-run.ts';
import type { JsonValue } from '../../foundation/files/json-value.ts';
import { readTrainingLog } from './training-log.ts';

const step = {
  kind: 'step',
  step: 5,
  steps: 10,
  epoch: 0.5,
  loss: 1.25,
  activeShare: 0.5,
  spread: 0.1,
  gradientNorm: 2,
  learningRate: 0.001,
  images: 120,
  imagesPerSecond: 60,
  seconds: 2,
  secondsLeft: 2,
};
const { kind: _, steps: __, secondsLeft: ___, ...shown } = step;

it('takes steps and evaluations in their order and passes over other lines', () => {
  const log = readTrainingLog([step, { kind: 'remark', text: 'hello' }, { ...step, step: 10 }]);
  expect(log).toEqual({ steps: [shown, { ...shown, step: 10 }], evaluations: [] });
  expect(readTrainingLog([])).toEqual({ steps: [], evaluations: [] });
  expect(readTrainingLog([{ ...step, loaderImagesPerSecond: 900 }]).steps).toEqual([
    { ...shown, loaderImagesPerSecond: 900 },
  ]);
});

it('reads evaluations of labelled pictures and of listed triplets', () => {
  const { steps, evaluations } = readTrainingLog(sampleLog());
  expect(steps).toHaveLength(222);
  expect(evaluations.map((line) => line.step)).toEqual([89, 178, 267, 356, 445, 534, 623, 712, 801, 885]);
  const { measure, score } = evaluations[9];
  expect(measure).toBe('mapAtR');
  expect(score.high - score.low).toBeCloseTo(0.05, 12);
  const similarityPrecision = { value: 0.9, low: 0.85, high: 0.95 };
  const report = {
    triplets: 40,
    queries: 20,
    dimension: 8,
    seed: 0,
    intervals: { level: 0.95, resamples: 1000 },
    measures: { similarityPrecision },
  };
  expect(readTrainingLog([{ kind: 'evaluation', step: 3, score: 0.9, report }]).evaluations).toEqual([
    { step: 3, measure: 'similarityPrecision', score: similarityPrecision },
  ]);
});

it.each<[JsonValue, string]>([
  [null, 'line 2 of the training log must be an object, got null: remove the line'],
  [[1], 'line 2 of the training log must be an object, got [1]: remove the line'],
  [{ ...step, loss: null }, "line 2 of the training log: 'loss' must be a number, got null: remove the line"],
  [{ kind: 'step' }, "line 2 of the training log: 'step' must be a number, got undefined: remove the line"],
  [{ kind: 'evaluation', step: 3, report: {} }, "line 2 of the training log: 'report' is no evaluation report"],
])('refuses %j', (line, message) => {
  expect(() => readTrainingLog([step, line])).toThrow(message);
});
