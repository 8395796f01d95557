import { describe, expect, it } from 'vitest';
import { makeLoss } from './make-loss.ts';
import type { BatchConfig, LossConfig } from './training-config.ts';

const triplets: BatchConfig = { kind: 'triplets', triplets: 4 };
const classes: BatchConfig = { kind: 'classes', rows: 12, imagesPerClass: 4 };
const hinge = { gap: 0.3, distance: 'squared-euclidean' } as const;

describe('makeLoss', () => {
  it.each<[LossConfig, BatchConfig, object]>([
    [{ kind: 'hinge', ...hinge }, triplets, { name: 'hinge', separable: true, collapsedValue: 0.3 }],
    [
      { kind: 'batch-mean-hinge', ...hinge },
      triplets,
      { name: 'batch-mean-hinge', separable: false, collapsedValue: 0.3 },
    ],
    [{ kind: 'semi-hard', ...hinge }, classes, { name: 'semi-hard', separable: false, collapsedValue: 0.3 }],
    [{ kind: 'supcon', temperature: 0.1 }, classes, { name: 'supcon', separable: false, collapsedValue: undefined }],
  ])('makes %j', (config, batch, expected) => {
    expect(makeLoss(config, batch)).toMatchObject({ batch: batch.kind, ...expected });
  });

  it('lets semi-hard list every pair of the batch', () => {
    const labels = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
    const feeds = makeLoss({ kind: 'semi-hard', ...hinge }, classes).feeds(labels);
    expect(feeds['pair_weights'].data).toEqual(new Float32Array(36).fill(1));
  });

  it.each<[LossConfig, BatchConfig, string]>([
    [{ kind: 'hinge', ...hinge }, classes, "loss 'hinge' needs batches of triplets"],
    [{ kind: 'supcon', temperature: 0.1 }, triplets, "loss 'supcon' needs batches of classes"],
    [{ kind: 'semi-hard', ...hinge }, triplets, "use 'hinge' or 'batch-mean-hinge'"],
    [{ kind: 'hinge', gap: 5, distance: 'squared-euclidean' }, triplets, 'the gap g = 5 is beyond 4'],
  ])('refuses %j with %j', (config, batch, message) => {
    expect(() => makeLoss(config, batch)).toThrow(message);
  });
});
