import { describe, expect, it } from 'vitest';
import { differencesOf, runLoss } from '../../../test/support/loss-run.ts';
import { relativeDifference } from '../../../test/support/relative-difference.ts';
import { classRows, meanOf, rowOf, squaredBetween } from '../../../test/support/row-vectors.ts';
import { contrastive } from './contrastive.ts';

const dimension = 5;
const labels = [0, 0, 0, 1, 1, 2, 3];
const data = classRows(labels, dimension, 21, 0.5);

/** Over unordered pairs: every ordered one is there twice. */
function scalar(rows: Float64Array, gap: number) {
  const [pulled, pushed]: [number[], number[]] = [[], []];
  for (let a = 0; a < labels.length; a++) {
    for (let b = a + 1; b < labels.length; b++) {
      const distance = Math.sqrt(squaredBetween(rowOf(rows, dimension, a), rowOf(rows, dimension, b)));
      if (labels[a] === labels[b]) pulled.push(distance ** 2);
      else pushed.push(Math.max(0, gap - distance) ** 2);
    }
  }
  const active = pushed.filter((cost) => cost > 0);
  return { loss: (meanOf(pulled) + meanOf(active)) / 2, active: active.length / pushed.length };
}

describe('contrastive', () => {
  it.each([0.8, 1.2, 1.6])('has the value and gradient of the scalar formula, g = %s', async (gap) => {
    const run = await runLoss(contrastive(gap), dimension, { data, labels });
    const expected = scalar(data, gap);
    expect(run.loss).toBeCloseTo(expected.loss, 9);
    expect(run.active).toBeCloseTo(expected.active, 12);
    expect(expected.active).toBeGreaterThan(0);
    expect(expected.active).toBeLessThan(1);
    const differences = differencesOf((rows) => scalar(rows, gap).loss, data);
    expect(relativeDifference(run.gradient, differences)).toBeLessThan(1e-6);
  });

  it('counts only pushing without a positive pair, only pulling without a negative, and is 0 for nothing to do', async () => {
    const loss = contrastive(1.2);
    const apart = { data: data.slice(0, 3 * dimension), labels: [0, 1, 2] };
    const pushing = await runLoss(loss, dimension, apart);
    expect(pushing.loss).toBeGreaterThan(0);
    const together = await runLoss(loss, dimension, { ...apart, labels: [1, 1, 1] });
    expect(together.loss).toBeGreaterThan(0);
    expect(together.active).toBe(0);
    const far = Float64Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0);
    const nothing = await runLoss(loss, dimension, { data: far, labels: [0, 1] });
    expect({ loss: nothing.loss, active: nothing.active }).toEqual({ loss: 0, active: 0 });
    expect(nothing.gradient.every((value) => value === 0)).toBe(true);
  });

  it('stands at g^2 / 2 with a gradient of 0 when all embeddings are equal', async () => {
    const loss = contrastive(0.8);
    const equal = Float64Array.from(labels.flatMap(() => [0, 0.6, 0, 0, 0.8]));
    const run = await runLoss(loss, dimension, { data: equal, labels });
    expect(run.loss).toBeCloseTo(0.32, 5);
    expect(loss.collapsedValue).toBeCloseTo(0.32, 12);
    expect(run.gradient.every((value) => Math.abs(value) < 1e-9)).toBe(true);
  });

  it('refuses a gap of nothing and one out of reach', () => {
    expect(() => contrastive(0)).toThrow('above 0');
    expect(() => contrastive(2.1)).toThrow('beyond 2, the largest euclidean distance');
  });
});
