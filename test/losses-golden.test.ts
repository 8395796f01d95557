import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lossConfigSchema } from '../src/ranking/losses/loss-table.ts';
import { proxiesParameter } from '../src/ranking/losses/proxy-anchor.ts';
import { makeLoss } from '../src/training/configuration/make-loss.ts';
import { hashedUniform } from './support/hashed-numbers.ts';
import { runLoss } from './support/loss-run.ts';
import { relativeDifference } from './support/relative-difference.ts';
import { asFloat32, rowOf } from './support/row-vectors.ts';

// Losses over given embeddings against PyTorch in float64 (see `golden/losses.py`), with and without a memory: value, share of
// active terms, gradient by every embedding and proxy. Both sides compute in float64, PyTorch's gradients are stored with nine
// digits, and the Euclidean distance has 1e-12 under its root: within 1e-6 of the largest element.

const numbers = z.array(z.number());
const golden = z
  .object({
    dimension: z.number(),
    labels: numbers,
    remembered: numbers,
    cases: z.array(
      z.object({
        config: lossConfigSchema,
        loss: z.number(),
        active: z.number(),
        gradient: numbers,
        proxyGradient: numbers.optional(),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(new URL('golden/losses.json', import.meta.url), 'utf8')));
const { dimension, labels, remembered } = golden;

/** Random rows of unit length, as float32 keeps them. */
function rows(name: string, ofLabels: readonly number[]): Float64Array {
  const data = hashedUniform(name, ofLabels.length * dimension).map((share) => 2 * share - 1);
  for (let row = 0; row < ofLabels.length; row++) {
    const own = rowOf(data, dimension, row);
    const length = Math.hypot(...own);
    for (let place = 0; place < dimension; place++) own[place] /= length;
  }
  return asFloat32(data);
}

describe('losses have the value and gradients that PyTorch finds', () => {
  it.each(golden.cases)('$config', async ({ config, ...expected }) => {
    const loss = makeLoss(config, { kind: 'classes', rows: remembered.length, imagesPerClass: 3 });
    const proxies = hashedUniform('proxies', (expected.proxyGradient ?? []).length).map((share) => 2 * share - 1);
    const run = await runLoss(
      loss,
      dimension,
      { data: rows('a', labels), labels },
      {
        ...(loss.memoryRows > 0 ? { memory: { data: rows('memory', remembered), labels: remembered } } : {}),
        learnt: { [proxiesParameter]: asFloat32(proxies) },
      },
    );
    expect(run.loss / expected.loss).toBeCloseTo(1, 8);
    expect(run.active).toBeCloseTo(expected.active, 12);
    expect(relativeDifference(run.gradient, expected.gradient)).toBeLessThan(1e-6);
    if (expected.proxyGradient === undefined) return;
    expect(relativeDifference(run.learntGradients[proxiesParameter], expected.proxyGradient)).toBeLessThan(1e-6);
  });
});
