import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import type { StepResult } from '../step/trainer.ts';
import { type MeterSums, noSums, ProgressMeter, type TrainingProgress } from './progress-meter.ts';

const config = { ...tinyConfig, steps: 1000, stepsPerEpoch: 40 };
const resultOf = (step: number): StepResult => ({
  loss: 1 / step,
  activeShare: (step % 7) / 7,
  spread: 0.1 * step,
  gradientNorm: Math.sqrt(step),
});
/** Steps take half a second, from step 31 on two seconds. */
const secondsAt = (step: number) => Math.min(step, 30) / 2 + 2 * Math.max(0, step - 30);

function run(from: number, to: number, sums: MeterSums = noSums) {
  const meter = new ProgressMeter(config, { step: from, seconds: secondsAt(from), sums });
  const moments: TrainingProgress[] = [];
  const lines: TrainingProgress[] = [];
  for (let step = from + 1; step <= to; step++) {
    const moment = meter.record(step, 0.01, resultOf(step), secondsAt(step), (secondsAt(step) - secondsAt(from)) / 8);
    moments.push(moment);
    if (meter.endLine(step)) lines.push(moment);
  }
  return { moments, lines, sums: meter.sums };
}

const mean = (first: number, last: number, key: keyof StepResult) => {
  let sum = 0;
  for (let step = first; step <= last; step++) sum += resultOf(step)[key];
  return sum / (last - first + 1);
};

describe('ProgressMeter', () => {
  it('writes two hundred lines a run, each with the means since the one before', () => {
    const { lines } = run(0, 1000);
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, line) => 5 * (line + 1)));
    for (const { step, ...line } of lines.slice(0, 40)) {
      for (const key of ['loss', 'activeShare', 'spread', 'gradientNorm'] as const) {
        expect(line[key]).toBeCloseTo(mean(step - 4, step, key), 12);
      }
      expect(line).toMatchObject({ steps: 1000, epoch: step / 40, images: 12 * step, learningRate: 0.01 });
    }
  });

  it('writes a line for every step of a short run, and always one for the last', () => {
    const lines = (steps: number) => {
      const meter = new ProgressMeter({ ...config, steps }, { step: 0, seconds: 0, sums: noSums });
      return Array.from({ length: steps }, (_, step) => meter.endLine(step + 1)).filter(Boolean).length;
    };
    expect([lines(1), lines(100), lines(299), lines(301)]).toEqual([1, 100, 299, 151]);
  });

  it('knows the rate of the last steps and the time left at it', () => {
    const { moments } = run(0, 60);
    expect(moments[0]).toMatchObject({ imagesPerSecond: 24, secondsLeft: 999 / 2, seconds: 0.5 });
    expect(moments[29]).toMatchObject({ imagesPerSecond: 24, secondsLeft: 970 / 2 });
    // The loader takes an eighth of each step.
    expect(moments[29].loaderImagesPerSecond).toBeCloseTo(8 * 24, 9);
    expect(moments[59].loaderImagesPerSecond).toBeCloseTo(8 * 6, 9);
    expect(moments[59]).toMatchObject({ imagesPerSecond: 6, secondsLeft: 2 * 940, seconds: 75 });
    // A resumed run does not count the time in between: nobody spent it on steps.
    expect(run(100, 101).moments[0]).toMatchObject({ imagesPerSecond: 6, seconds: secondsAt(101) });
  });

  it('goes on from its sums as if it had never stopped', () => {
    const whole = run(0, 60).lines;
    for (const stop of [1, 4, 5, 17]) {
      const before = run(0, stop);
      const after = run(stop, 60, JSON.parse(JSON.stringify(before.sums)));
      const means = ({ step, loss, activeShare, spread, gradientNorm }: TrainingProgress) => [
        step,
        loss,
        activeShare,
        spread,
        gradientNorm,
      ];
      expect([...before.lines, ...after.lines].map(means)).toEqual(whole.map(means));
    }
  });
});
