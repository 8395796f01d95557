import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engines/engine.ts';
import { OnnxruntimeEngine } from '../../src/engines/onnxruntime/onnxruntime-engine.ts';
import { type Tensor, toNumbers } from '../../src/graph/tensor/tensor.ts';
import type { NetworkConfig } from '../../src/ranking/networks/network-config.ts';
import { modelGraph } from '../../src/training/step/network-graphs.ts';
import { Trainer } from '../../src/training/step/trainer.ts';
import { hashedPictures } from '../support/hashed-numbers.ts';
import { relativeDifference } from '../support/relative-difference.ts';
import { smallNetwork, smallRun } from '../support/small-run.ts';
import { webGpuEngine } from './webgpu-engine.ts';

const rows = 6;
const labels = Array.from({ length: rows }, (_, row) => Math.floor(row / (rows / 2)));
const adamw = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-3 } as const;

let gpu: Engine;
let cpu: Engine;
beforeAll(async () => {
  gpu = await webGpuEngine();
  cpu = await OnnxruntimeEngine.create({ threads: 1 });
});
afterAll(async () => {
  await gpu?.close();
  await cpu?.close();
});

/** Losses of a few steps, the weights after them, and what the model file's network makes of other pictures. */
async function trained(engine: Engine, network: NetworkConfig, steps: number) {
  const config = { ...smallRun(network, { kind: 'supcon', temperature: 0.1 }, rows), optimizer: adamw };
  const trainer = await Trainer.create(engine, config);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { loss } = await trainer.step(
      { image: hashedPictures(rows, network.width), labels, augmentation: {} },
      step,
      0.003,
    );
    losses.push(loss);
  }
  const weights = await trainer.weights();
  await trainer.close();
  const program = await engine.compile(modelGraph(config, weights), { name: 'model' });
  const { embedding } = await program.run({ image: hashedPictures(5, network.width) });
  await program.release();
  return { losses, weights, embedding: toNumbers(embedding) };
}

const numbersOf = (weights: ReadonlyMap<string, Tensor>, name: string) => toNumbers(weights.get(name)!);

describe('on WebGPU', () => {
  it.each([
    ['small', smallNetwork(28), 3],
    ['small with contours', smallNetwork(32, { hog: true }), 1],
  ])('a network trains and embeds as on the CPU: %s', async (_, network, steps) => {
    const [expected, found] = [await trained(cpu, network, steps), await trained(gpu, network, steps)];
    for (const [step, loss] of expected.losses.entries())
      expect(Math.abs(found.losses[step] / loss - 1)).toBeLessThan(1e-3);
    if (steps > 1) expect(found.losses.at(-1)).toBeLessThan(found.losses[0]);
    for (const name of expected.weights.keys()) {
      const difference = relativeDifference(numbersOf(found.weights, name), numbersOf(expected.weights, name));
      expect(difference, name).toBeLessThan(1e-3);
    }
    expect(relativeDifference(found.embedding, expected.embedding)).toBeLessThan(1e-3);
  });
});
