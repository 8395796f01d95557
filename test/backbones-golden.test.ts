import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OnnxruntimeEngine } from '../src/engines/onnxruntime/onnxruntime-engine.ts';
import { type StaticShape, sizeOf } from '../src/graph/tensor/shape.ts';
import { type Tensor, toNumbers } from '../src/graph/tensor/tensor.ts';
import type { NetworkConfig } from '../src/ranking/networks/network-config.ts';
import { evaluationGraph } from '../src/training/step/network-graphs.ts';
import { importableBackbone } from '../src/training/weights/importable-backbones.ts';
import { type LearntTensor, learntTensors } from '../src/training/weights/learnt-tensors.ts';
import { hashedPictures, hashedTensor } from './support/hashed-numbers.ts';
import { relativeDifference } from './support/relative-difference.ts';
import { smallNetwork } from './support/small-run.ts';

// Features of the backbones at full width against PyTorch (see `golden/backbones.py`, which asserts that its convolutional
// parts are torchvision's). Weights are hashed from torchvision's names, so that a wrong name gives wrong features.

const goldenBackbones = [
  'vgg16-bn',
  'alexnet',
  'alexnet-tv',
  'resnet18',
  'resnet50',
  'efficientnet-lite0',
  'mobilenetv3-large-100',
  'mobilenetv3-small-100',
] as const;
const golden = z
  .object({
    cases: z.record(
      z.enum(goldenBackbones),
      z.object({ side: z.number(), parameters: z.number(), features: z.array(z.number()) }),
    ),
  })
  .parse(JSON.parse(await readFile(new URL('golden/backbones.json', import.meta.url), 'utf8')));

/** As `initial` in `backbones.py`. */
function hashedForeign(name: string, shape: StaticShape): Tensor {
  const bound = Math.sqrt(6 / (sizeOf(shape) / shape[0]));
  if (shape.length > 1) return hashedTensor(name, shape, (share) => bound * (2 * share - 1));
  if (name.endsWith('.weight') || name.endsWith('.running_var')) {
    return hashedTensor(name, shape, (share) => 1 + 0.2 * (2 * share - 1));
  }
  return hashedTensor(name, shape, (share) => 0.1 * (2 * share - 1));
}

function foreignName(backbone: (typeof goldenBackbones)[number], { name }: LearntTensor): string {
  if (backbone === 'alexnet') return name.slice('backbone.'.length);
  return importableBackbone(backbone).weights.torchNames(name)[0];
}

let engine: OnnxruntimeEngine;
beforeAll(async () => {
  engine = await OnnxruntimeEngine.create();
});
afterAll(() => engine.close());

describe.each(goldenBackbones)('%s', (backbone) => {
  const { side, parameters, features } = golden.cases[backbone];
  const batchNormalization = !backbone.startsWith('alexnet');
  const network: NetworkConfig = smallNetwork(side, { backbone, output: 'features', batchNormalization });

  it('has as many parameters and gives the same features as in PyTorch', async () => {
    const learnt = learntTensors(network);
    const weights = learnt.filter(({ name }) => !name.includes('running'));
    expect(weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(parameters);
    const feeds = Object.fromEntries(
      learnt.map((one) => [one.name, hashedForeign(foreignName(backbone, one), one.shape)]),
    );
    const program = await engine.compile(evaluationGraph({ network }, 1));
    const { embedding } = await program.run({ ...feeds, image: hashedPictures(1, side) });
    await program.release();
    expect(relativeDifference(toNumbers(embedding), features)).toBeLessThan(1e-4);
  });
});
