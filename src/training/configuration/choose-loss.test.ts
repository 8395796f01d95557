import { describe, expect, it } from 'vitest';
import { chooseLoss } from './choose-loss.ts';
import { presets } from './presets.ts';
import type { TrainingChoices } from './training-choices.ts';

const choose = (choices: Omit<TrainingChoices, 'preset'>, origin: 'classes' | 'listed' = 'classes') =>
  chooseLoss({ preset: 'small', ...choices }, presets.small.loss, origin);

describe('chooseLoss', () => {
  it.each<[Omit<TrainingChoices, 'preset'>, object]>([
    [{}, { kind: 'supcon', temperature: 0.1 }],
    [{ loss: 'hinge' }, { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' }],
    [
      { loss: 'hinge', miner: 'batch-hard', gap: 0.3 },
      { kind: 'hinge', gap: 0.3, distance: 'squared-euclidean', miner: 'batch-hard' },
    ],
    [{ loss: 'soft-margin' }, { kind: 'soft-margin', distance: 'euclidean' }],
    [
      { loss: 'soft-margin', miner: 'batch-all', distance: 'squared-euclidean' },
      { kind: 'soft-margin', distance: 'squared-euclidean', miner: 'batch-all' },
    ],
    [{ loss: 'contrastive' }, { kind: 'contrastive', gap: 1 }],
    [
      { loss: 'contrastive', gap: 0.5 },
      { kind: 'contrastive', gap: 0.5 },
    ],
    [{ loss: 'multi-similarity' }, { kind: 'multi-similarity', alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 }],
    [
      { loss: 'multi-similarity', lossSettings: { beta: 40, base: 1 } },
      { kind: 'multi-similarity', alpha: 2, beta: 40, base: 1, epsilon: 0.1 },
    ],
    [{ loss: 'proxy-anchor' }, { kind: 'proxy-anchor', scale: 32, margin: 0.1, proxyRate: 10 }],
    [
      { loss: 'proxy-anchor', lossSettings: { proxyRate: 3 } },
      { kind: 'proxy-anchor', scale: 32, margin: 0.1, proxyRate: 3 },
    ],
    [{ crossBatchMemory: 500 }, { kind: 'supcon', temperature: 0.1, memory: { rows: 500 } }],
    [
      { loss: 'semi-hard', crossBatchMemory: 500, crossBatchAfter: 7 },
      { kind: 'semi-hard', gap: 0.2, distance: 'squared-euclidean', memory: { rows: 500, after: 7 } },
    ],
    [
      { loss: 'hinge', miner: 'semi-hard', crossBatchMemory: 500 },
      { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean', miner: 'semi-hard', memory: { rows: 500 } },
    ],
  ])('completes %j', (choices, expected) => expect(choose(choices)).toEqual(expected));

  it.each<[Omit<TrainingChoices, 'preset'>, string]>([
    [
      { gap: 1 },
      'choices.gap: 1 was given, but the loss supcon has no gap; it takes choices.temperature, choices.crossBatchMemory',
    ],
    [{ loss: 'soft-margin', gap: 1 }, 'choices.gap: 1 was given, but the loss soft-margin has no gap'],
    [{ loss: 'contrastive', distance: 'euclidean' }, 'but the loss contrastive is defined on Euclidean distances'],
    [{ loss: 'hinge', temperature: 1 }, 'choices.temperature: 1 was given, but the loss hinge has no temperature'],
    [{ miner: 'batch-hard' }, "choices.miner: 'batch-hard' was given, but the loss supcon has no miner"],
    [
      { loss: 'semi-hard', miner: 'batch-hard' },
      "has its miner in its name: use choices.loss: 'hinge' with choices.miner",
    ],
    [{ loss: 'proxy-anchor', miner: 'batch-all' }, 'the loss proxy-anchor has no miner; it takes none of these'],
    [{ loss: 'proxy-anchor', crossBatchMemory: 9 }, 'compares images with proxies of their classes'],
    [
      { loss: 'hinge', crossBatchMemory: 9 },
      'the loss hinge without choices.miner has its negatives listed: add choices.miner',
    ],
    [{ loss: 'batch-mean-hinge', crossBatchMemory: 9 }, 'the loss batch-mean-hinge has no cross-batch memory'],
    [
      { crossBatchAfter: 9 },
      'choices.crossBatchAfter: 9 was given, but there is no memory: give choices.crossBatchMemory, too',
    ],
    [{ lossSettings: { alpha: 2, beta: 3 } }, 'choices.lossSettings.alpha: 2 was given, but the loss supcon has none'],
    [
      { loss: 'multi-similarity', lossSettings: { alhpa: 2 } },
      "choices.lossSettings.alhpa: the loss multi-similarity has no 'alhpa', it has alpha, beta, base, epsilon; did you mean alpha?",
    ],
  ])('refuses %j', (choices, message) => expect(() => choose(choices)).toThrow(message));

  it('learns listed triplets by losses over triplets alone', () => {
    expect(choose({}, 'listed')).toEqual({ kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' });
    expect(choose({ loss: 'soft-margin' }, 'listed')).toEqual({ kind: 'soft-margin', distance: 'euclidean' });
    for (const loss of ['supcon', 'semi-hard', 'contrastive', 'multi-similarity', 'proxy-anchor'] as const) {
      expect(() => choose({ loss }, 'listed')).toThrow(`choices.loss: '${loss}' was given, but it`);
    }
    expect(() => choose({ miner: 'batch-all' }, 'listed')).toThrow('listed triplets have no classes: leave it out');
  });
});
