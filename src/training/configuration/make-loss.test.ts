import { describe, expect, it } from 'vitest';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { Graph } from '../../graph/builder/graph.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { TrainingScope } from '../../ranking/networks/network-scope.ts';
import { makeLoss, rankingLoss } from './make-loss.ts';
import type { BatchConfig } from './step/batch-config.ts';

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
    [{ kind: 'soft-margin', distance: 'euclidean' }, triplets, { name: 'soft-margin', separable: true, memoryRows: 0 }],
    [
      { kind: 'soft-margin', distance: 'euclidean', miner: 'batch-all', memory: { rows: 12 } },
      classes,
      { name: 'soft-margin, batch-all', separable: false, collapsedValue: Math.LN2, memoryRows: 12 },
    ],
    [{ kind: 'hinge', ...hinge, miner: 'batch-hard' }, classes, { name: 'hinge, batch-hard', collapsedValue: 0.3 }],
    [{ kind: 'contrastive', gap: 1, memory: { rows: 20 } }, classes, { collapsedValue: 0.5, memoryRows: 20 }],
    [{ kind: 'multi-similarity', alpha: 2, beta: 50, base: 0.5, epsilon: 0.1 }, classes, { name: 'multi-similarity' }],
    [{ kind: 'proxy-anchor', scale: 32, margin: 0.1, proxyRate: 10, classes: 3 }, classes, { name: 'proxy-anchor' }],
  ])('makes %j', (config, batch, expected) => {
    expect(makeLoss(config, batch)).toMatchObject({ batch: batch.kind, ...expected });
  });

  it('lets semi-hard list every pair of the batch', () => {
    const labels = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];
    const feeds = makeLoss({ kind: 'semi-hard', ...hinge }, classes).feeds(labels, RandomSource.fromSeed(0));
    expect(feeds['pair_weights'].data).toEqual(new Float32Array(36).fill(1));
  });

  it.each<[LossConfig, BatchConfig, string]>([
    [{ kind: 'hinge', ...hinge }, classes, "loss 'hinge' needs batches of triplets"],
    [{ kind: 'supcon', temperature: 0.1 }, triplets, "loss 'supcon' needs batches of classes"],
    [{ kind: 'semi-hard', ...hinge }, triplets, "use 'hinge', 'soft-margin' or 'batch-mean-hinge', and no miner"],
    [{ kind: 'hinge', ...hinge, miner: 'batch-all' }, triplets, "loss 'hinge' needs batches of classes"],
    [{ kind: 'soft-margin', distance: 'euclidean' }, classes, 'or a miner'],
    [{ kind: 'hinge', ...hinge, memory: { rows: 20 } }, triplets, 'without a miner has its negatives listed'],
    [
      { kind: 'supcon', temperature: 1, memory: { rows: 11 } },
      classes,
      'of 11 embeddings has no room for a batch of 12',
    ],
    [{ kind: 'proxy-anchor', scale: 32, margin: 0.1, proxyRate: 10 }, classes, "give 'classes'"],
    [{ kind: 'hinge', gap: 5, distance: 'euclidean', miner: 'batch-all' }, classes, 'the gap g = 5 is beyond 2'],
    [{ kind: 'hinge', gap: 5, distance: 'squared-euclidean' }, triplets, 'the gap g = 5 is beyond 4'],
  ])('refuses %j with %j', (config, batch, message) => {
    expect(() => makeLoss(config, batch)).toThrow(message);
  });
});

describe('rankingLoss', () => {
  const run = { loss: { kind: 'supcon', temperature: 0.1 }, batch: classes } as const;
  const embedding = () => new Graph().input('embedding', 'float32', [12, 8]);
  const similarities = (loss: ReturnType<typeof rankingLoss>) => {
    const { graph } = loss.build(embedding(), new TrainingScope(new Graph())).loss;
    return graph.nodes.filter(({ op }) => op === 'MatMul').map(({ inputs: [rows] }) => rows?.shape);
  };

  it('ranks the parts of an embedding by themselves, and an embedding of one part whole', () => {
    expect(similarities(rankingLoss({ ...run, network: {} }))).toEqual([[12, 8]]);
    expect(similarities(rankingLoss({ ...run, network: { hog: true } }))).toEqual([
      [12, 4],
      [12, 4],
    ]);
    expect(similarities(rankingLoss({ ...run, network: { hog: true, output: 'features' } }))).toEqual([[12, 8]]);
  });
});
