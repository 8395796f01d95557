import { expect, it } from 'vitest';
import type { Program } from '../engine.ts';
import { speedRatio } from './speed-ratio.ts';

/** A program that takes some milliseconds, a run after the other. */
function slowProgram(milliseconds: readonly number[]): Program & { runs: number } {
  return {
    runs: 0,
    inputs: [],
    outputs: [],
    async run() {
      const end = performance.now() + (milliseconds[Math.min(this.runs, milliseconds.length - 1)] ?? 0);
      this.runs++;
      while (performance.now() < end);
      return {};
    },
    release: async () => undefined,
  };
}

it('is the ratio of the least times, the first runs left out', async () => {
  const [first, second] = [slowProgram([1, 60, 40, 80]), slowProgram([200, 10, 30])];
  const ratio = await speedRatio(first, second, () => ({}));
  expect(ratio).toBeGreaterThan(1);
  expect(ratio).toBeLessThan(4.5);
  expect(first.runs).toBe(second.runs);
});

it('begins no more runs when it has taken long, but at least two of each', async () => {
  const [first, second] = [slowProgram([400]), slowProgram([400])];
  await speedRatio(first, second, () => ({}));
  expect(first.runs).toBe(3);
});

it('begins no more runs when the ratio is clearly on one side of a threshold, and goes on near it', async () => {
  const runs = async (threshold: number) => {
    const [first, second] = [slowProgram([20]), slowProgram([10])];
    await speedRatio(first, second, () => ({}), threshold);
    return first.runs;
  };
  expect(await runs(1.2)).toBe(3);
  expect(await runs(4)).toBe(3);
  expect(await runs(2)).toBe(6);
});
