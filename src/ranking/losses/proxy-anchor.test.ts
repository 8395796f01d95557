import { describe, expect, it } from 'vitest';
import { differencesOf, runLoss } from '../../../test/support/loss-run.ts';
import { relativeDifference } from '../../../test/support/relative-difference.ts';
import { classRows, dotOf, meanOf, rowOf } from '../../../test/support/row-vectors.ts';
import { unitRows } from '../../../test/support/unit-rows.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { proxiesParameter, proxyAnchor } from './proxy-anchor.ts';

const dimension = 5;
/** Class 4 has a proxy and no rows in the batch. */
const classes = 5;
const labels = [0, 0, 0, 1, 1, 2, 3, 3];
const data = classRows(labels, dimension, 41, 0.5);
/** Of any length: the loss normalises them. */
const proxies = unitRows(classes, dimension, 42).map((value, place) => value * (1 + Math.floor(place / dimension) / 3));
const usual = { classes, scale: 32, margin: 0.1, proxyRate: 10 };

/** Equation 4 of Kim et al. 2020, proxy by proxy. */
function scalar(rows: Float64Array, ofClass: Float64Array, scale: number, margin: number) {
  const [pulls, pushes, wrong]: [number[], number[], number[]] = [[], [], []];
  for (let number = 0; number < classes; number++) {
    const proxy = rowOf(ofClass, dimension, number);
    const similarity = labels.map((_, i) => dotOf(rowOf(rows, dimension, i), proxy) / Math.hypot(...proxy));
    const of = (same: boolean) => similarity.filter((_, i) => (labels[i] === number) === same);
    const sum = (values: readonly number[], exponent: (s: number) => number) =>
      Math.log(1 + values.reduce((total, s) => total + Math.exp(exponent(s)), 0));
    if (of(true).length > 0) pulls.push(sum(of(true), (s) => -scale * (s - margin)));
    pushes.push(sum(of(false), (s) => scale * (s + margin)));
    wrong.push(...of(true).map((s) => (s < margin ? 1 : 0)), ...of(false).map((s) => (s > -margin ? 1 : 0)));
  }
  return { loss: meanOf(pulls) + meanOf(pushes), active: meanOf(wrong) };
}

describe('proxy-anchor', () => {
  it.each([
    [32, 0.1],
    [4, 0],
    [8, 0.3],
  ])('has the value and gradients of the scalar formula, scale %s, margin %s', async (scale, margin) => {
    const loss = proxyAnchor({ ...usual, scale, margin });
    const run = await runLoss(loss, dimension, { data, labels }, { learnt: { [proxiesParameter]: proxies } });
    const expected = scalar(data, proxies, scale, margin);
    expect(run.loss).toBeCloseTo(expected.loss, 9);
    expect(run.active).toBeCloseTo(expected.active, 12);
    expect(expected.active).toBeGreaterThan(0);
    expect(expected.active).toBeLessThan(1);
    const byRows = differencesOf((rows) => scalar(rows, proxies, scale, margin).loss, data);
    expect(relativeDifference(run.gradient, byRows)).toBeLessThan(1e-6);
    const byProxies = differencesOf((ofClass) => scalar(data, ofClass, scale, margin).loss, proxies);
    expect(relativeDifference(run.learntGradients[proxiesParameter], byProxies)).toBeLessThan(1e-6);
  });

  it('is finite where a proxy has no rows, and where every row is of one class', async () => {
    const learnt = { [proxiesParameter]: proxies };
    const one = { data: unitRows(3, dimension, 1), labels: [2, 2, 2] };
    const { loss, gradient } = await runLoss(proxyAnchor(usual), dimension, one, { learnt });
    expect([loss, ...gradient].every(Number.isFinite)).toBe(true);
  });

  it('asks for one proxy a class, of a length near 1, at its own rate and with weight decay', async () => {
    const asked: unknown[] = [];
    const loss = proxyAnchor({ ...usual, classes: 300, proxyRate: 7 });
    await runLoss(
      loss,
      64,
      { data: unitRows(2, 64, 1), labels: [0, 1] },
      {
        learnt: { [proxiesParameter]: unitRows(300, 64, 2) },
        onParameter(name, shape, initializer, options) {
          const drawn = initializer(shape, RandomSource.fromSeed(1));
          const lengths = Array.from({ length: 300 }, (_, row) =>
            Math.hypot(...drawn.subarray(64 * row, 64 * row + 64)),
          );
          asked.push(name, shape, options);
          expect(meanOf(lengths)).toBeCloseTo(1, 1);
        },
      },
    );
    expect(asked).toEqual([proxiesParameter, [300, 64], { decays: true, rate: 7 }]);
  });

  it('refuses labels beyond its classes and settings that make no sense', () => {
    const random = RandomSource.fromSeed(0);
    expect(() => proxyAnchor(usual).feeds([0, 5], random)).toThrow('proxies of 5 classes, 0 to 4; got the label 5');
    expect(() => proxyAnchor(usual).feeds([0, -1], random)).toThrow('row 1 of a batch of classes has no class');
    expect(() => proxyAnchor({ ...usual, classes: 1 })).toThrow('classes: a whole number of at least 2 is expected');
    expect(() => proxyAnchor({ ...usual, scale: 0 })).toThrow('scale: a number above 0 is expected');
    expect(() => proxyAnchor({ ...usual, margin: 1 })).toThrow('margin');
  });
});
