import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { smallNetwork } from '../../../../../test/support/small-run.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';
import { RandomSource } from '../../../../foundation/random/random-source.ts';
import { encodeSafetensors } from '../../../../graph/safetensors/safetensors.ts';
import { sizeOf } from '../../../../graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../../../graph/tensor/tensor.ts';
import type { BackboneName } from '../../../../ranking/networks/convnets/backbone-table.ts';
import { importableBackbone } from '../../../../training/weights/importable-backbones.ts';
import { learntTensors } from '../../../../training/weights/learnt-tensors.ts';

/** A busy machine is given its time. */
const patience = 240_000;

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);

beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 4, picturesPerClass: 8, size: 32 });
  await writeFile(at('lite0.safetensors'), weightsOf('efficientnet-lite0'));
  await writeFile(at('resnet18.safetensors'), weightsOf('resnet18', 50_000));
});
afterAll(() => work.remove());

/** A file of weights with timm's names, and a tensor that no network has; tensors of more than `most` elements have one only. */
function weightsOf(backbone: BackboneName, most = Number.POSITIVE_INFINITY): Buffer {
  const state = new Map<string, Tensor>([['fc.bias', tensor('float32', [1000])]]);
  const random = RandomSource.fromSeed(5, 'weights');
  for (const { name, shape } of learntTensors(smallNetwork(32, { backbone, paths: 'none' }))) {
    const [foreign] = importableBackbone(backbone).weights.torchNames(name);
    if (foreign === undefined) continue;
    const value = tensor('float32', sizeOf(shape) > most ? [1] : shape);
    const still = shape.length === 1 ? (name.endsWith('bias') || name.endsWith('mean') ? 0 : 1) : undefined;
    for (let i = 0; i < value.data.length; i++) value.data[i] = still ?? random.between(-0.05, 0.05);
    state.set(foreign, value);
  }
  return Buffer.concat([...encodeSafetensors(state)]);
}

describe('lookalike train --weights', () => {
  const small = ['--paths', 'none', '--dimension', '8', '--rows', '8', '--threads', '1', '--held-out', '0'];
  const argv = ['train', 'shapes', '--backbone', 'efficientnet-lite0', '--size', '32', ...small, '--steps', '1'];

  it(
    'starts from a file, says what came of it, and resumes',
    async () => {
      const { code, stdout, stderr } = withoutProgress(
        await work.lookalike(...argv, '-o', 'lite', '--weights', 'lite0.safetensors'),
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(
        "weights: 245 tensors of the network from 'lite0.safetensors', by torchvision's and timm's names\n" +
          '  not used: fc.bias: no layer of this network has this name\n' +
          '  starts at random: embedding.weight, embedding.bias: ',
      );
      expect(stdout).toContain('  pixels enter with mean and deviation of ImageNet, as torchvision has them\n');
      const config = JSON.parse(await readFile(at('lite', 'config.json'), 'utf8'));
      expect(config).toMatchObject({
        network: { pixelMean: [0.485, 0.456, 0.406], pixelDeviation: [0.229, 0.224, 0.225], grey: false },
        weights: {
          file: expect.stringMatching(/^\/.*lite0\.safetensors$/),
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      });
      const again = withoutProgress(await work.lookalike('train', 'shapes', '-o', 'lite', '--resume', '--json'));
      expect(again.code).toBe(0);
    },
    patience,
  );

  it('refuses, before it looks at pictures, what cannot take weights', async () => {
    const refused = async (...more: string[]) => errorOf(await work.lookalike(...argv, '-o', 'no', ...more));
    expect(await refused('--weights', 'none.safetensors')).toMatch(/^cannot read 'none.safetensors': there is no such/);
    const alexnet = ['train', 'shapes', '-o', 'no', '--preset', 'paper', '--weights', 'resnet18.safetensors'];
    expect(errorOf(await work.lookalike(...alexnet))).toMatch(/^--weights was given, but Krizhevsky's AlexNet/);
    const fifty = ['train', 'shapes', '-o', 'no', '--backbone', 'resnet50', '--size', '32', '--paths', 'none'];
    expect(errorOf(await work.lookalike(...fifty, '--weights', 'resnet18.safetensors'))).toMatch(
      /^cannot load 'resnet18.safetensors' into the backbone resnet50: .*: these are names of --backbone resnet18$/,
    );
  });
});

describe('lookalike train --pretrain-epochs', () => {
  it(
    'pre-trains, ranks, and tells of both, in the document and on the page',
    async () => {
      const small = ['--size', '16', '--rows', '12', '--dimension', '8', '--threads', '1', '--held-out', '0.3'];
      const argv = ['train', 'shapes', '-o', 'run', ...small, '--steps', '3', '--pretrain-epochs', '2'];
      const { code, stdout, stderr } = withoutProgress(await work.lookalike(...argv, '--json'));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        step: 3,
        pretraining: {
          folder: path.join('run', 'pretraining'),
          classes: 4,
          thrownAway: ['loss.classifier.weight', 'loss.classifier.bias'],
        },
      });
      expect((await readdir(at('run', 'pretraining'))).sort()).toEqual([
        'checkpoint.safetensors',
        'config.json',
        'log.jsonl',
      ]);
      const page = await readFile(at('run', 'report.html'), 'utf8');
      expect(page).toContain('How the pre-training went');
      expect(page).toContain('The classification layer and the optimiser’s state were thrown away');
    },
    patience,
  );
});
