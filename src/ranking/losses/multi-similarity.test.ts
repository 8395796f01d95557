import { describe, expect, it } from 'vitest';
import { differencesOf, runLoss } from '../../../test/support/loss-run.ts';
import { relativeDifference } from '../../../test/support/relative-difference.ts';
import { classRows, dotOf, rowOf } from '../../../test/support/row-vectors.ts';
import { unitRows } from '../../../test/support/unit-rows.ts';
import { multiSimilarity } from './multi-similarity.ts';

const dimension = 5;
const labels = [0, 0, 0, 1, 1, 2, 2, 3];
const data = classRows(labels, dimension, 31, 1);
const usual = { alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 };

/** Equations 10 to 15 of Wang et al. 2019, anchor by anchor. */
function scalar(rows: Float64Array, { alpha, beta, base, epsilon }: typeof usual) {
  let [sum, anchors, kept, pairs] = [0, 0, 0, 0];
  for (const [i, label] of labels.entries()) {
    const similarity = labels.map((_, j) => dotOf(rowOf(rows, dimension, i), rowOf(rows, dimension, j)));
    const positives = [...labels.keys()].filter((j) => j !== i && labels[j] === label).map((j) => similarity[j]);
    const negatives = [...labels.keys()].filter((j) => labels[j] !== label).map((j) => similarity[j]);
    if (positives.length === 0 || negatives.length === 0) continue;
    const hardPositives = positives.filter((s) => s - epsilon < Math.max(...negatives));
    const hardNegatives = negatives.filter((s) => s + epsilon > Math.min(...positives));
    anchors++;
    pairs += positives.length + negatives.length;
    kept += hardPositives.length + hardNegatives.length;
    sum += Math.log(1 + hardPositives.reduce((total, s) => total + Math.exp(-alpha * (s - base)), 0)) / alpha;
    sum += Math.log(1 + hardNegatives.reduce((total, s) => total + Math.exp(beta * (s - base)), 0)) / beta;
  }
  return { loss: sum / anchors, active: kept / pairs };
}

describe('multi-similarity', () => {
  it.each([usual, { alpha: 4, beta: 10, base: 0.8, epsilon: 0.02 }, { alpha: 2, beta: 50, base: 1, epsilon: 0.3 }])(
    'has the value and gradient of the scalar formula, %j',
    async (settings) => {
      const run = await runLoss(multiSimilarity(settings), dimension, { data, labels });
      const expected = scalar(data, settings);
      expect(run.loss).toBeCloseTo(expected.loss, 9);
      expect(run.active).toBeCloseTo(expected.active, 12);
      expect(expected.active).toBeGreaterThan(0.05);
      expect(expected.active).toBeLessThan(0.95);
      const differences = differencesOf((rows) => scalar(rows, settings).loss, data);
      expect(relativeDifference(run.gradient, differences)).toBeLessThan(1e-6);
    },
  );

  it.each([
    ['no positive pair', [0, 1, 2, 3]],
    ['no negative', [1, 1, 1, 1]],
  ] as const)('is 0 with a gradient of 0 where there is %s', async (_, alike) => {
    const run = await runLoss(multiSimilarity(usual), dimension, { data: unitRows(4, dimension, 3), labels: alike });
    expect({ loss: run.loss, active: run.active }).toEqual({ loss: 0, active: 0 });
    expect(run.gradient.every((value) => value === 0)).toBe(true);
  });

  it('mines nothing where every positive is nearer than every negative by more than epsilon', async () => {
    const apart = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0);
    const run = await runLoss(multiSimilarity(usual), dimension, { data: apart, labels: [0, 0, 1, 1] });
    expect({ loss: run.loss, active: run.active }).toEqual({ loss: 0, active: 0 });
    expect(run.gradient.every((value) => value === 0)).toBe(true);
  });

  it('refuses settings that make no sense', () => {
    expect(() => multiSimilarity({ ...usual, alpha: 0 })).toThrow('alpha: a number above 0 is expected');
    expect(() => multiSimilarity({ ...usual, beta: -1 })).toThrow('beta');
    expect(() => multiSimilarity({ ...usual, epsilon: -0.1 })).toThrow('epsilon');
    expect(() => multiSimilarity({ ...usual, base: 2 })).toThrow(
      'base: a cosine, from -1 to 1, is expected; this is the number 2',
    );
  });
});
