import { describe, expect, it } from 'vitest';
import { embeddingGraph } from '../../../../test/support/embedding-graph.ts';
import { smallNetwork } from '../../../../test/support/small-run.ts';
import type { NetworkConfig } from '../network-config.ts';

const config = (backbone: NetworkConfig['backbone'], side: number, changes: Partial<NetworkConfig> = {}) =>
  smallNetwork(side, { backbone, paths: 'none', embeddingDimension: 16, dropout: 0, ...changes });

/** Shapes behind the first axis of the outputs of every node of an operator. */
function shapesOf(network: NetworkConfig, op: string) {
  const { graph } = embeddingGraph(network, 2, false);
  return graph.nodes.filter((node) => node.op === op).map(({ outputs: [{ shape }] }) => shape.slice(1).join('x'));
}

describe('alexnet', () => {
  const paper = config('alexnet', 225);

  it("has the paper's maps: 55, 27, 13 and 6 places a side, and responses are normalised before two of the pools", () => {
    expect(shapesOf(paper, 'Conv')).toEqual(['96x55x55', '256x27x27', '384x13x13', '384x13x13', '256x13x13']);
    expect(shapesOf(paper, 'MaxPool')).toEqual(['96x27x27', '256x13x13', '256x6x6']);
    expect(shapesOf(paper, 'LRN')).toEqual(['96x55x55', '256x27x27']);
  });

  it('has two groups where Krizhevsky had two GPUs, and his 60 million parameters but for the last layer', () => {
    const { graph, scope } = embeddingGraph(paper, 2, false);
    const groups = graph.nodes.filter((node) => node.op === 'Conv').map(({ attributes }) => Object(attributes).group);
    expect(groups).toEqual([1, 2, 1, 2, 2]);
    const shapes = [1, 2, 3, 4, 5].map((layer) => scope.parameters.get(`backbone.conv${layer}.weight`)?.spec.shape);
    expect(shapes).toEqual([
      [96, 3, 11, 11],
      [256, 48, 5, 5],
      [384, 256, 3, 3],
      [384, 192, 3, 3],
      [256, 192, 3, 3],
    ]);
    const count = [...scope.parameters.values()]
      .filter(({ spec }) => spec.name.startsWith('backbone.'))
      .reduce((sum, { spec }) => sum + spec.shape.reduce((a, b) => a * b, 1), 0);
    // His network has 60,965,224 parameters; 4,097,000 are of the classification layer.
    expect(count).toBe(60_965_224 - 4_097_000);
  });

  it('has the paths of the paper at 225 x 225: 57 to 15 to 4 places, and 29 to 8 to 4', () => {
    const paths = { ...paper, paths: 'subsampled' } as const;
    expect(shapesOf(paths, 'AveragePool')).toEqual(['3x57x57', '3x29x29']);
    expect(shapesOf(paths, 'Conv').slice(5)).toEqual(['96x15x15', '96x8x8']);
    expect(shapesOf(paths, 'MaxPool').slice(3)).toEqual(['96x4x4', '96x4x4']);
  });

  it('keeps 60% behind both dense layers in training', () => {
    const { scope } = embeddingGraph({ ...paper, dropout: 0.4 }, 2);
    expect(scope.masks).toEqual([1, 2].map((n) => ({ name: `backbone.dropout${n}`, shape: [2, 4096], keep: 0.6 })));
  });
});

describe('alexnet-tv', () => {
  it("has torchvision's maps at 224 x 224, and drops in front of the dense layers", () => {
    const network = config('alexnet-tv', 224);
    expect(shapesOf(network, 'Conv')).toEqual(['64x55x55', '192x27x27', '384x13x13', '256x13x13', '256x13x13']);
    expect(shapesOf(network, 'MaxPool')).toEqual(['64x27x27', '192x13x13', '256x6x6']);
    const { scope } = embeddingGraph({ ...network, dropout: 0.5 }, 2);
    expect(scope.masks.map(({ shape }) => shape)).toEqual([
      [2, 9216],
      [2, 4096],
    ]);
  });
});

describe('resnet', () => {
  it('has the maps of table 1 at 224 x 224', () => {
    const stages = (filters: readonly number[], blocks: readonly number[], convolutions: number) =>
      filters.map((count, stage) => ({
        map: `${count}x${[56, 28, 14, 7][stage]}`,
        times: blocks[stage] * convolutions,
      }));
    const last = (side: string) => side.split('x').slice(0, 2).join('x');
    const count = (network: NetworkConfig) => {
      const counts = new Map<string, number>();
      for (const shape of shapesOf(network, 'Conv')) counts.set(last(shape), (counts.get(last(shape)) ?? 0) + 1);
      return counts;
    };
    const eighteen = count(config('resnet18', 224, { batchNormalization: true }));
    for (const { map, times } of stages([64, 128, 256, 512], [2, 2, 2, 2], 2)) {
      // With the shortcut's convolution, where there is one.
      expect(eighteen.get(map), map).toBe(times + (map === '64x56' ? 0 : 1));
    }
    const fifty = count(config('resnet50', 224, { batchNormalization: true }));
    for (const { map, times } of stages([256, 512, 1024, 2048], [3, 4, 6, 3], 1))
      expect(fifty.get(map), map).toBe(times + 1);
  });

  it('drops pooled features', () => {
    const { scope } = embeddingGraph(config('resnet18', 64, { dropout: 0.2 }), 2);
    expect(scope.masks).toEqual([{ name: 'backbone.dropout', shape: [2, 512], keep: 0.8 }]);
  });
});

it.each([
  ['alexnet', 64, 'alexnet needs pictures of at least 65 pixels a side, got 64'],
  ['alexnet-tv', 62, 'alexnet-tv needs pictures of at least 63 pixels a side, got 62'],
  ['resnet18', 31, 'resnet18 halves a picture five times: both sides need at least 32 pixels, got 31'],
  ['resnet50', 31, 'resnet50 halves a picture five times'],
  ['vgg16-bn', 31, 'vgg16-bn halves a picture five times'],
] as const)('%s goes down to so many pixels and no further', (backbone, side, message) => {
  expect(embeddingGraph(config(backbone, side + 1), 2).embedding.shape).toEqual([2, 16]);
  expect(() => embeddingGraph(config(backbone, side), 2)).toThrow(message);
});

it('takes one mean and deviation for each channel', () => {
  const network = config('small', 16, { pixelMean: [0.1, 0.2, 0.3], pixelDeviation: [1, 2, 4] });
  const { graph } = embeddingGraph(network, 2);
  const found = graph.constants.filter(({ name }) => name.startsWith('pixel_'));
  expect(found.map(({ shape }) => shape)).toEqual([
    [1, 3, 1, 1],
    [1, 3, 1, 1],
  ]);
});
