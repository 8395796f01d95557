import { describe, expect, it } from 'vitest';
import { embeddingGraph } from '../../../../test/support/embedding-graph.ts';
import { vgg16Network } from '../../../../test/support/vgg16-network.ts';

describe('vgg16Backbone', () => {
  it('has thirteen 3 x 3 convolutions in five blocks, each of which ends in a pool', () => {
    const { graph } = embeddingGraph(vgg16Network(224, { paths: 'none' }), 3);
    const convolutions = graph.nodes
      .filter(({ op }) => op === 'Conv')
      .map(({ outputs: [{ shape }] }) => shape.slice(1, 3));
    const block = (filters: number, side: number, count: number) =>
      Array.from({ length: count }, () => [filters, side]);
    expect(convolutions).toEqual([
      ...block(64, 224, 2),
      ...block(128, 112, 2),
      ...block(256, 56, 3),
      ...block(512, 28, 3),
      ...block(512, 14, 3),
    ]);
    const pools = graph.nodes.filter(({ op }) => op === 'MaxPool').map(({ outputs: [{ shape }] }) => shape.slice(1));
    expect(pools).toEqual([112, 56, 28, 14, 7].map((side, index) => [[64, 128, 256, 512, 512][index], side, side]));
  });

  it('drops behind both dense layers, in training only', () => {
    const masks = (training: boolean) => embeddingGraph(vgg16Network(64), 3, training).scope.masks;
    expect(masks(true)).toEqual(
      ['backbone.dropout1', 'backbone.dropout2'].map((name) => ({ name, shape: [3, 4096], keep: 0.4 })),
    );
    expect(masks(false)).toEqual([]);
  });

  it('goes down to 32 pixels and no further', () => {
    expect(embeddingGraph(vgg16Network(32, { paths: 'none' }), 3).embedding.shape).toEqual([3, 4096]);
    expect(() => embeddingGraph(vgg16Network(31, { paths: 'none' }), 3)).toThrow(
      'vgg16 halves a picture five times: both sides need at least 32 pixels, got 31',
    );
  });
});
