import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxruntimeEngine } from '../../src/engines/onnxruntime/onnxruntime-engine.ts';
import type { WebProvider } from '../../src/engines/web/web-engine.ts';
import { toNumbers } from '../../src/graph/tensor/tensor.ts';
import { Trainer } from '../../src/training/step/trainer.ts';
import { hashedPictures } from '../support/hashed-numbers.ts';
import { relativeDifference } from '../support/relative-difference.ts';
import { smallNetwork, smallRun } from '../support/small-run.ts';
import { type AgreementPage, openAgreementPage } from './agreement-page.ts';

const rows = 8;
const side = 32;
const labels = Array.from({ length: rows }, (_, row) => Math.floor(row / (rows / 2)));
const config = {
  ...smallRun(smallNetwork(side), { kind: 'supcon', temperature: 0.1 }, rows),
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-3 } as const,
};
const image = hashedPictures(rows, side);

const opened = new Map<WebProvider, AgreementPage>();
beforeAll(async () => {
  opened.set('wasm', await openAgreementPage({ '/batch.bin': image.data }));
  opened.set('webgpu', await openAgreementPage({ '/batch.bin': image.data }, 'webgpu'));
});
afterAll(() => Promise.all([...opened.values()].map((page) => page.close())));

async function trainedInNode(steps: number) {
  await using engine = await OnnxruntimeEngine.create({ threads: 1 });
  await using trainer = await Trainer.create(engine, config);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const batch = { image: { ...image, data: image.data.slice() }, labels, augmentation: {} };
    losses.push((await trainer.step(batch, step, 0.003)).loss);
  }
  return { losses, weights: await trainer.weights() };
}

describe('a training step in a page', () => {
  it.each([
    ['wasm', 1, 1e-4],
    ['wasm', 3, 1e-4],
    ['webgpu', 1, 1e-3],
  ] as const)(
    'gives the losses and the weights of Node, by %s: %i steps, to %f',
    async (provider, steps, tolerance) => {
      const { page, complaints } = opened.get(provider)!;
      const wanted = { config, image: '/batch.bin', labels, steps, provider };
      const found = await page.evaluate<{ losses: number[]; weights: Record<string, string> }>(
        `agreement.train(${JSON.stringify(wanted)})`,
      );
      const expected = await trainedInNode(steps);
      for (const [step, loss] of expected.losses.entries())
        expect(Math.abs(found.losses[step] / loss - 1)).toBeLessThan(tolerance);
      expect(Object.keys(found.weights).sort()).toEqual([...expected.weights.keys()].sort());
      for (const [name, weight] of expected.weights) {
        const bytes = Buffer.from(found.weights[name], 'base64');
        const numbers = Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(4 * place));
        expect(relativeDifference(numbers, toNumbers(weight)), name).toBeLessThan(tolerance);
      }
      expect(complaints).toEqual([]);
    },
  );
});
