import { describe, expect, it } from 'vitest';
import { presets } from '../configuration/presets.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import { chooseRecipe } from './recipe.ts';

const recipe = (choices: Partial<TrainingChoices>, origin: 'classes' | 'listed' = 'classes') =>
  chooseRecipe({ preset: 'small', ...choices }, origin);

describe('chooseRecipe', () => {
  it.each(['small', 'contour', 'article', 'paper'] as const)(
    'takes everything that is left out from the preset %s',
    (name) => {
      const preset = presets[name];
      expect(chooseRecipe({ preset: name }, 'classes')).toEqual({
        preset: name,
        seed: 0,
        network: { ...preset.network, width: preset.size, height: preset.size },
        pixels: preset.pixels,
        preprocessing: expect.objectContaining({ width: preset.size, height: preset.size }),
        loss: preset.loss,
        batch: preset.batch,
        ...('sampler' in preset
          ? { sampler: expect.objectContaining({ relevance: { kind: preset.sampler.relevance } }) }
          : {}),
        optimizer: preset.optimizer,
        learningRate: preset.learningRate,
        weightDecay: preset.weightDecay,
        schedule: preset.schedule,
        clipNorm: null,
        augmentation: preset.augmentation,
        heldOutShare: 0.1,
        epochs: preset.epochs,
        steps: undefined,
        evaluateEveryEpochs: undefined,
        patience: null,
      });
    },
  );

  it('gives each part of an embedding the length that the preset gives one, unless the whole is chosen', () => {
    expect(recipe({ hog: true }).network).toMatchObject({ embeddingDimension: 256, hog: true });
    expect(recipe({ hog: true, embeddingDimension: 30 }).network).toMatchObject({ embeddingDimension: 30, hog: true });
    expect(recipe({ preset: 'contour', embeddingDimension: 30 }).network).toMatchObject({ hog: true });
    expect(recipe({ preset: 'contour', hog: false, embeddingDimension: 31 }).network).not.toHaveProperty('hog');
    expect(() => recipe({ hog: true, embeddingDimension: 31 })).toThrow(
      'choices.embeddingDimension: 31 was given, but with choices.hog an embedding has two parts of equal length: use 32',
    );
    expect(() => recipe({ hog: true, size: 15, paths: 'none' })).toThrow('at least 16 pixels a side, got 15 x 15');
    expect(() => recipe({ preset: 'contour', size: 12 })).toThrow(
      'the preset contour has histograms of oriented gradients, which need pictures of at least 16 pixels a side, got 12 x 12: use choices.size: 16 or larger, or another preset',
    );
    expect(() => recipe({ preset: 'contour', hog: true, size: 12 })).toThrow(
      'use larger pictures, or leave choices.hog out',
    );
    expect(recipe({ preset: 'contour', size: 16 }).network).toMatchObject({ hog: true, width: 16 });
    expect(() => recipe({ hog: true, crossBatchMemory: 600 })).toThrow(
      'choices.hog ranks the 2 parts of one by themselves',
    );
  });

  it('puts every choice in its place', () => {
    const chosen = recipe({
      seed: 9,
      size: 32,
      paths: 'none',
      embeddingDimension: 10,
      batchNormalization: false,
      dropout: 0.5,
      loss: 'semi-hard',
      gap: 0.3,
      distance: 'euclidean',
      rows: 40,
      imagesPerClass: 5,
      optimizer: 'sgd',
      momentum: 0.5,
      nesterov: false,
      learningRate: 0.7,
      weightDecay: 0.01,
      schedule: 'step',
      warmup: 0.2,
      clipNorm: 2,
      augmentation: { ...presets.article.augmentation, rotation: 1 },
      steps: 77,
      heldOut: 0.25,
      evaluateEveryEpochs: 2.5,
      patience: 4,
    });
    expect(chosen).toMatchObject({
      seed: 9,
      network: {
        width: 32,
        height: 32,
        paths: 'none',
        embeddingDimension: 10,
        batchNormalization: false,
        dropout: 0.5,
      },
      loss: { kind: 'semi-hard', gap: 0.3, distance: 'euclidean' },
      batch: { kind: 'classes', rows: 40, imagesPerClass: 5 },
      optimizer: { kind: 'sgd', momentum: 0.5, nesterov: false },
      learningRate: 0.7,
      weightDecay: 0.01,
      schedule: { kind: 'step', warmup: 0.2, every: 1 / 3, factor: 0.1 },
      clipNorm: 2,
      augmentation: { rotation: 1 },
      steps: 77,
      heldOutShare: 0.25,
      evaluateEveryEpochs: 2.5,
      patience: 4,
    });
  });

  it('gives a loss of another kind than the preset its own numbers and its own kind of batch', () => {
    expect(recipe({ loss: 'hinge' })).toMatchObject({
      loss: { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' },
      batch: { kind: 'triplets', triplets: 40 },
    });
    expect(recipe({ preset: 'article', loss: 'hinge' }).loss).toEqual(presets.article.loss);
    expect(recipe({ preset: 'article', loss: 'supcon' })).toMatchObject({
      loss: { kind: 'supcon', temperature: 0.1 },
      batch: { kind: 'classes', rows: 24, imagesPerClass: 4 },
    });
    expect(recipe({ preset: 'article', backbone: 'small' }).network).toMatchObject({
      batchNormalization: false,
      dropout: 0,
    });
    expect(recipe({ backbone: 'vgg16' }).network).toMatchObject({ batchNormalization: false, dropout: 0 });
    expect(recipe({ optimizer: 'sgd' }).optimizer).toEqual({ kind: 'sgd', momentum: 0.9, nesterov: true });
  });

  it.each(['small', 'article'] as const)('learns listed triplets with g = 0.2 on squared distances, %s', (preset) => {
    for (const loss of [undefined, 'hinge', 'batch-mean-hinge'] as const) {
      const chosen = recipe({ preset, ...(loss === undefined ? {} : { loss }) }, 'listed');
      expect(chosen.loss).toEqual({ kind: loss ?? 'hinge', gap: 0.2, distance: 'squared-euclidean' });
      expect(chosen.batch).toEqual({ kind: 'triplets', triplets: preset === 'small' ? 40 : 8 });
    }
  });

  it.each<[Partial<TrainingChoices>, string]>([
    [{ loss: 'supcon', gap: 0.2 }, 'choices.gap: 0.2 was given, but the loss supcon has no gap'],
    [{ distance: 'euclidean' }, "choices.distance: 'euclidean' was given, but the loss supcon has no distance"],
    [{ loss: 'hinge', temperature: 0.1 }, 'choices.temperature: 0.1 was given, but the loss hinge has no temperature'],
    [{ loss: 'hinge', imagesPerClass: 4 }, 'choices.imagesPerClass: 4 was given, but the loss hinge takes triplets'],
    [{ loss: 'hinge', rows: 40 }, 'choices.rows: 40 was given, but the loss hinge takes rows in threes'],
    [{ loss: 'hinge', rows: 40 }, ': use 39'],
    [
      { rows: 6, imagesPerClass: 4 },
      'choices.rows: 6 was given, but with choices.imagesPerClass: 4 it leaves no room for two classes',
    ],
    [{ momentum: 0.9 }, 'choices.momentum: 0.9 was given, but adamw has no momentum'],
    [{ nesterov: false }, 'choices.nesterov: false was given, but adamw has'],
    [{ epochs: 2, steps: 3 }, 'choices.epochs: 2 was given, but choices.steps: 3 says how long the run is'],
    [{ backbone: 'vgg16', batchNormalization: true }, 'choices.batchNormalization: true was given, but vgg16 has none'],
    [
      { backbone: 'resnet18', size: 64, batchNormalization: false },
      'choices.batchNormalization: false was given, but resnet18 is defined with it',
    ],
    [{ backbone: 'alexnet', size: 64 }, 'alexnet needs pictures of at least 65 pixels a side, got 64'],
    [{ pretrainEpochs: 0 }, 'choices.pretrainEpochs: a number above 0 is expected'],
    [{ patience: 2, heldOut: 0 }, 'choices.patience: 2 was given, but nothing is kept from training'],
    [
      { evaluateEveryEpochs: 2, heldOut: 0 },
      'choices.evaluateEveryEpochs: 2 was given, but nothing is kept from training',
    ],
    [{ loss: 'hinge', gap: 4.5 }, 'the gap g = 4.5 is beyond 4'],
    [{ loss: 'semi-hard', gap: 2.5, distance: 'euclidean' }, 'the gap g = 2.5 is beyond 2'],
    [{ backbone: 'vgg16', size: 31 }, 'both sides need at least 32 pixels'],
    [{ size: 16, paths: 'strided' }, "low-resolution path 'path1' would shrink a picture of 16 x 16"],
    [{ learningRate: 0 }, 'choices.learningRate: a number above 0 is expected'],
    [{ heldOut: 0.95 }, 'choices.heldOut: a number of at most 0.9 is expected'],
    [{ dropout: 1 }, 'choices.dropout: a number below 1 is expected'],
  ])('refuses %j', (choices, message) => {
    expect(() => recipe(choices)).toThrow(message);
  });

  it("draws the paper's triplets by relevance, unless somebody chooses otherwise or they are listed", () => {
    const sampler = { kind: 'relevance', relevance: { kind: 'hog' }, outOfClass: 0.2, margin: 0.05 };
    expect(recipe({ preset: 'paper' }).sampler).toMatchObject(sampler);
    expect(recipe({ preset: 'paper', relevance: 'pixels', outOfClass: 0.5 }).sampler).toMatchObject({
      relevance: { kind: 'pixels' },
      outOfClass: 0.5,
    });
    expect(recipe({ preset: 'paper', sampler: 'uniform' }).sampler).toBeUndefined();
    expect(recipe({ preset: 'paper', loss: 'supcon', rows: 24 }).sampler).toBeUndefined();
    expect(recipe({ preset: 'paper' }, 'listed').sampler).toBeUndefined();
  });

  it('has batch normalisation where a backbone is defined with it', () => {
    for (const backbone of ['vgg16-bn', 'resnet18', 'resnet50'] as const) {
      expect(recipe({ backbone, size: 64 }).network.batchNormalization).toBe(true);
    }
    expect(recipe({ backbone: 'alexnet-tv', size: 64 }).network.batchNormalization).toBe(false);
    expect(recipe({ pretrainEpochs: 2.5 }).pretraining).toEqual({ epochs: 2.5 });
    expect(() => recipe({ pretrainEpochs: 2 }, 'listed')).toThrow(
      'choices.pretrainEpochs: 2 was given, but listed triplets',
    );
  });

  it('gives a loss over triplets with a miner batches of classes, and checks the memory', () => {
    expect(recipe({ loss: 'hinge', miner: 'batch-all' }).batch).toEqual({
      kind: 'classes',
      rows: 120,
      imagesPerClass: 4,
    });
    expect(recipe({ loss: 'soft-margin' }).batch).toEqual({ kind: 'triplets', triplets: 40 });
    expect(recipe({ loss: 'proxy-anchor' }).loss).toEqual({
      kind: 'proxy-anchor',
      scale: 32,
      margin: 0.1,
      proxyRate: 10,
    });
    expect(() => recipe({ crossBatchMemory: 100 })).toThrow(
      'a cross-batch memory of 100 embeddings has no room for a batch of 120',
    );
    expect(() => recipe({ loss: 'contrastive', gap: 2.5 })).toThrow('the gap g = 2.5 is beyond 2');
    expect(() => recipe({ loss: 'proxy-anchor', lossSettings: { margin: 1 } })).toThrow(
      'these choices make no training: loss',
    );
  });

  it.each(['supcon', 'semi-hard'] as const)('refuses listed triplets with %s, which wants classes', (loss) => {
    expect(() => recipe({ loss }, 'listed')).toThrow(`choices.loss: '${loss}' was given, but it`);
  });
});
