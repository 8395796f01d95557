import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { embeddingGraph } from '../../../test/support/embedding-graph.ts';
import { hashedParameter, hashedPictures, hashedUniform } from '../../../test/support/hashed-numbers.ts';
import { smallNetwork, smallRun } from '../../../test/support/small-run.ts';
import { vgg16Network } from '../../../test/support/vgg16-network.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { evaluationGraph, modelGraph } from '../../training/step/network-graphs.ts';
import type { NetworkConfig } from './network-config.ts';

const supcon = { kind: 'supcon', temperature: 0.1 } as const;
const side = 16;
const network = smallNetwork(side, { embeddingDimension: 8 });

/** Weights and statistics of a network by name: what a run leaves behind. */
function someWeights(config: NetworkConfig): Map<string, Tensor> {
  const { scope } = embeddingGraph(config, 2);
  const weights = new Map<string, Tensor>();
  for (const { spec } of scope.parameters.values()) weights.set(spec.name, hashedParameter(spec.name, spec.shape));
  for (const { spec } of scope.statistics.values()) {
    const values = hashedUniform(spec.name, spec.shape[0]);
    weights.set(
      spec.name,
      tensor(
        'float64',
        spec.shape,
        values.map((share) => spec.initial + 0.2 * share),
      ),
    );
  }
  return weights;
}

/** Rows of an embedding, outside training, in float64. */
function embed(image: Tensor, config = network): number[][] {
  const graph = evaluationGraph(smallRun(config, supcon, image.shape[0]), image.shape[0]);
  const { embedding } = interpret(graph, { ...Object.fromEntries(someWeights(config)), image });
  return rowsOf(embedding);
}

function rowsOf({ shape, data }: Tensor): number[][] {
  const [rows, dimension] = shape;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(data, Number).slice(row * dimension, (row + 1) * dimension),
  );
}

describe('multiScaleNetwork', () => {
  it.each([
    ['small at 64', smallNetwork(64), 1_077_912],
    ['small at 28', smallNetwork(28), 819_864],
    ["the article's at 224", vgg16Network(224), 62_998_528],
    ['small at 64 with oriented gradients', smallNetwork(64, { embeddingDimension: 256, hog: true }), 1_586_072],
  ] as const)('has the known number of parameters: %s', (_, config, count) => {
    expect(embeddingGraph(config, 3).parameterCount).toBe(count);
  });

  it('gives every picture a vector of unit length', () => {
    const rows = embed(hashedPictures(4, side));
    expect(rows.map((row) => row.length)).toEqual([8, 8, 8, 8]);
    for (const row of rows) expect(Math.hypot(...row)).toBeCloseTo(1, 12);
    expect(rows[0]).not.toEqual(rows[1]);
  });

  it('with oriented gradients has two halves of the same length, the first as it is without', () => {
    const halves = embed(hashedPictures(3, side), smallNetwork(side, { embeddingDimension: 16, hog: true }));
    const plain = embed(hashedPictures(3, side));
    for (const [row, whole] of halves.entries()) {
      expect(Math.hypot(...whole.slice(8))).toBeCloseTo(Math.SQRT1_2, 6);
      for (const [place, value] of plain[row].entries()) expect(whole[place]).toBeCloseTo(value * Math.SQRT1_2, 6);
    }
    expect(halves[0].slice(8)).not.toEqual(halves[1].slice(8));
  });

  it('takes query, positive and negative through one set of weights: their places do not matter', () => {
    const pictures = hashedPictures(3, side);
    const size = pictures.data.length / 3;
    const order = [2, 0, 1];
    const turned = tensor('uint8', pictures.shape);
    for (const [row, from] of order.entries())
      turned.data.set(pictures.data.subarray(from * size, (from + 1) * size), row * size);
    const [straight, shuffled] = [embed(pictures), embed(turned)];
    expect(shuffled).toEqual(order.map((from) => straight[from]));
  });

  it('joins the backbone and the paths, each of unit length, and the backbone as it is if it is alone', () => {
    const joined = (config: NetworkConfig) => {
      const { graph } = embeddingGraph(config, 2);
      const concat = graph.nodes.find(({ op }) => op === 'Concat');
      return concat?.inputs.map((part) => [
        part?.origin.kind === 'node' ? part.origin.node.op : undefined,
        part?.shape[1],
      ]);
    };
    expect(joined(smallNetwork(64))).toEqual([
      ['LpNormalization', 192],
      ['LpNormalization', 768],
      ['LpNormalization', 192],
    ]);
    expect(joined(smallNetwork(64, { paths: 'none' }))).toBeUndefined();
    const { graph } = embeddingGraph(smallNetwork(64, { paths: 'none' }), 2);
    expect(graph.nodes.filter(({ op }) => op === 'LpNormalization')).toHaveLength(1);
  });

  it('is in the model file what it was when it was judged, for any number of pictures', () => {
    const weights = someWeights(network);
    const graph = modelGraph({ network }, weights);
    expect(graph.inputs.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['image', 'uint8', ['N', side, side, 3]],
    ]);
    expect(graph.outputs.get('embedding')?.shape).toEqual(['N', 8]);
    expect(graph.constants.map(({ name }) => name)).toEqual(expect.arrayContaining([...weights.keys()]));
    for (const rows of [1, 3]) {
      const { embedding } = interpret(graph, { image: hashedPictures(rows, side) });
      expect(rowsOf(embedding)).toEqual(embed(hashedPictures(rows, side)));
    }
  });

  it('normalises by the running statistics outside training, and by the batch in it', () => {
    const feeds = {
      ...Object.fromEntries(someWeights(network)),
      image: tensor('float64', [2, 3, side, side], hashedUniform('image', 6 * side * side)),
    };
    const run = (training: boolean, changed: Record<string, Tensor> = {}) =>
      toNumbers(interpret(embeddingGraph(network, 2, training).graph, { ...feeds, ...changed })['embedding']);
    const mean = { 'backbone.conv3.norm.running_mean': tensor('float64', [64], hashedUniform('other', 64)) };
    expect(run(true, mean)).toEqual(run(true));
    expect(run(false, mean)).not.toEqual(run(false));
  });
});
