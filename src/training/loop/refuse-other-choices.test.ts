import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import { planTraining } from '../planning/plan-training.ts';
import { refuseOtherChoices } from './refuse-other-choices.ts';
import { runFolder } from './run-folder.ts';

const dataset = pixelDataset(evenClasses(5, 7), { size: 16 });
const run = runFolder('runs/a');
const configOf = async (choices: TrainingChoices) => (await planTraining(dataset, { size: 16, ...choices })).config;

describe('refuseOtherChoices', () => {
  const asked: TrainingChoices[] = [
    {},
    {
      preset: 'small',
      seed: 7,
      fit: 'contain',
      epochs: 3,
      rows: 64,
      imagesPerClass: 5,
      heldOut: 0.3,
      evaluateEveryEpochs: 0.7,
      patience: 2,
    },
    { epochs: 2.3, rows: 9, imagesPerClass: 3, threads: 1, warmup: 0.1, clipNorm: 2, schedule: 'step' },
    { loss: 'hinge', miner: 'batch-all', gap: 0.3, distance: 'euclidean', crossBatchMemory: 500, crossBatchAfter: 3 },
    { loss: 'multi-similarity', lossSettings: { beta: 40 }, optimizer: 'sgd', momentum: 0.8, nesterov: false },
    { optimizer: 'adamw', beta1: 0.8, beta2: 0.99, epsilon: 1e-6 },
    { loss: 'hinge', sampler: 'relevance', relevance: 'labels', outOfClass: 1, buffer: 20, rows: 12 },
    {
      paths: 'none',
      embeddingDimension: 10,
      batchNormalization: false,
      learningRate: 0.1,
      steps: 9,
      rowsAtOnce: 24,
      rows: 24,
    },
  ];

  it('takes the choices that a run was started with, all of them or some', async () => {
    for (const choices of asked) {
      const config = await configOf(choices);
      refuseOtherChoices(run, choices, config);
      refuseOtherChoices(run, {}, config);
      for (const [name, value] of Object.entries(choices)) refuseOtherChoices(run, { [name]: value }, config);
    }
  });

  it('refuses any other, in the words of the choice', async () => {
    const others: [TrainingChoices, TrainingChoices, string][] = [
      [{ steps: 6 }, { steps: 7 }, 'steps 6, not 7'],
      [{}, { seed: 1 }, 'seed 0, not 1'],
      [{ fit: 'contain' }, { fit: 'cover' }, 'fit contain, not cover'],
      [{}, { fit: 'cover' }, 'fit stretch, not cover'],
      [{}, { heldOut: 0.2 }, 'held out 0.1, not 0.2'],
      [{}, { loss: 'hinge' }, 'loss supcon, not hinge'],
      [{}, { gap: 0.2 }, 'gap none, not 0.2'],
      [{}, { learningRate: 0.1 }, 'learning rate 0.003, not 0.1'],
      [{}, { preset: 'contour' }, 'preset small, not contour'],
      [{}, { beta1: 0.8 }, 'beta1 0.9, not 0.8'],
      [{ beta2: 0.99 }, { beta2: 0.9 }, 'beta2 0.99, not 0.9'],
      [{}, { momentum: 0.8 }, 'momentum none, not 0.8'],
      [{}, { threads: 3 }, 'threads 2, not 3'],
      [{ patience: 3, heldOut: 0.3 }, { patience: 4 }, 'patience 3, not 4'],
      [{ epochs: 3, rows: 9, imagesPerClass: 3 }, { epochs: 30 }, 'epochs about 2.5, not 30'],
      [{ rows: 9, imagesPerClass: 3 }, { rows: 6 }, 'rows 9, not 6'],
      [{}, { leakProof: true }, 'leak proof false, not true'],
      [{}, { weights: 'w.safetensors' }, 'weights none, not w.safetensors'],
      [{}, { trunk: { file: 'net.onnx' } }, 'trunk none, not {"file":"net.onnx"}'],
    ];
    for (const [started, given, words] of others) {
      const config = await configOf(started);
      expect(() => refuseOtherChoices(run, given, config), words).toThrow(
        `the run in 'runs/a' was started with ${words}, and goes on as it was started: leave that out, or start a new run in another folder`,
      );
    }
  });
});
