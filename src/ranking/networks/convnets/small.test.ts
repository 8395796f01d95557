import { describe, expect, it } from 'vitest';
import { embeddingGraph } from '../../../../test/support/embedding-graph.ts';
import { smallNetwork } from '../../../../test/support/small-run.ts';

const alone = (side: number) => smallNetwork(side, { paths: 'none' });

/** Shapes behind every convolution and max-pool of the backbone: [filters, height, width]. */
const shapes = (side: number) =>
  embeddingGraph(alone(side), 2)
    .graph.nodes.filter(({ op }) => op === 'Conv' || op === 'MaxPool')
    .map(({ outputs: [{ shape }] }) => shape.slice(1));

describe('smallBackbone', () => {
  it('halves a picture of 64 in its first convolution, and again in each of three pools', () => {
    expect(shapes(64)).toEqual([
      [24, 32, 32],
      [32, 32, 32],
      [32, 16, 16],
      [64, 16, 16],
      [64, 8, 8],
      [128, 8, 8],
      [128, 4, 4],
      [192, 4, 4],
    ]);
  });

  it('keeps the resolution in the first convolution below 48 pixels', () => {
    expect(shapes(28).map(([, height]) => height)).toEqual([28, 28, 14, 14, 7, 7, 3, 3]);
    expect(shapes(47)[0]).toEqual([24, 47, 47]);
    expect(shapes(48)[0]).toEqual([24, 24, 24]);
  });

  it('goes down to 8 pixels and no further', () => {
    expect(embeddingGraph(alone(8), 2).embedding.shape).toEqual([2, 128]);
    expect(() => embeddingGraph(alone(7), 2)).toThrow(
      'the small network needs pictures of at least 8 pixels a side, got 7',
    );
  });

  it('has biases in its convolutions only without batch normalisation', () => {
    const names = (batchNormalization: boolean) => {
      const { scope } = embeddingGraph({ ...alone(28), batchNormalization }, 2);
      return [...scope.parameters.keys()].filter((name) => name.startsWith('backbone.conv1.'));
    };
    expect(names(true)).toEqual(['backbone.conv1.weight', 'backbone.conv1.norm.scale', 'backbone.conv1.norm.bias']);
    expect(names(false)).toEqual(['backbone.conv1.weight', 'backbone.conv1.bias']);
  });

  it('lets weights decay, and nothing else', () => {
    const { scope } = embeddingGraph(smallNetwork(64), 2);
    for (const { spec } of scope.parameters.values())
      expect(spec.decays, spec.name).toBe(spec.name.endsWith('.weight'));
  });
});
