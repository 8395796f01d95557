import { describe, expect, it } from 'vitest';
import { stepLines } from '../../../test/fixtures/step-lines.ts';
import { tinyClassBatch, tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { sampleConfig, sampleLog } from '../../../test/fixtures/training-run.ts';
import { readTrainingLog } from '../loop/training-log.ts';
import { DoctorsWatch } from './doctors-watch.ts';
import { examineLog } from './examine-log.ts';
import { findingLine, findingSchema } from './finding.ts';

const batchHard = {
  ...tinyConfig,
  loss: { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean', miner: 'batch-hard' },
  batch: tinyClassBatch,
  steps: 400,
} as const;
const collapsed = stepLines(400, (step) => ({
  loss: 0.2 + 0.2 * Math.exp(-step / 5),
  spread: 0.004 + 0.29 * Math.exp(-step / 5),
  activeShare: 1,
  gradientNorm: step === 300 ? 90 : 1,
}));

describe('examineLog', () => {
  it('lists findings by their kind, as plain data', () => {
    const found = examineLog(batchHard, { steps: collapsed, evaluations: [] }, 'underway');
    expect(found.map(({ kind }) => kind)).toEqual(['collapse', 'exploding-gradient']);
    for (const finding of found) {
      expect(findingSchema.parse(JSON.parse(JSON.stringify(finding)))).toEqual(finding);
      expect(findingLine(finding)).toBe(`${finding.title}: ${finding.seen} ${finding.remedy}`);
    }
  });

  it('finds nothing in a healthy log, at any time of the run', () => {
    const { steps, evaluations } = readTrainingLog(sampleLog());
    for (const moment of ['underway', 'standing'] as const) {
      for (let end = 0; end <= steps.length; end += 7) {
        expect(examineLog(sampleConfig, { steps: steps.slice(0, end), evaluations }, moment)).toEqual([]);
      }
    }
    expect(examineLog(sampleConfig, { steps, evaluations }, 'ended')).toEqual([]);
  });

  it('takes the later of two lines for one step', () => {
    const again = stepLines(400, () => ({ loss: 0.1, spread: 0.7 }));
    expect(examineLog(batchHard, { steps: [...collapsed, ...again], evaluations: [] }, 'ended')).toEqual([]);
  });
});

describe('DoctorsWatch', () => {
  // A line of the log is due every second step of 400.
  const due = collapsed.filter(({ step }) => step % 2 === 0);

  it('tells each kind once, as soon as it shows', () => {
    const watch = new DoctorsWatch(batchHard);
    const told = collapsed.flatMap((line) => watch.take(line).map(({ kind }) => [line.step, kind]));
    const firstAt = due.find(
      ({ step }) =>
        examineLog(batchHard, { steps: due.filter((line) => line.step <= step), evaluations: [] }, 'underway').length >
        0,
    )!.step;
    expect(told).toEqual([
      [firstAt, 'collapse'],
      [300, 'exploding-gradient'],
    ]);
  });

  it('does not repeat after a resume what was told before', () => {
    const watch = new DoctorsWatch(batchHard, due.slice(0, 100));
    const told = collapsed.slice(200).flatMap((line) => watch.take(line).map(({ kind }) => kind));
    expect(told).toEqual(['exploding-gradient']);
  });
});
