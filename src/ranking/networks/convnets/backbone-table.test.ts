import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../graph/builder/graph.ts';
import { TrainingScope } from '../network-scope.ts';
import { backboneTable, embeddingBatch } from './backbone-table.ts';
import type { BackboneDefinition } from './define-backbone.ts';

const page = await readFile(new URL('../../../../docs/weights.md', import.meta.url), 'utf8');

function built({ build, batchNormalization }: BackboneDefinition, side: number) {
  const graph = new Graph();
  const scope = new TrainingScope(graph);
  const image = graph.input('image', 'float32', [2, 3, side, side]);
  const features = build(scope, image, { batchNormalization: batchNormalization !== 'never', dropout: 0 });
  return { features, scope };
}

describe.each(backboneTable.all)('the backbone $name', (backbone) => {
  const { name, words, weights } = backbone;

  it('makes as many features as its words say, of pictures as small as they say', () => {
    expect(built(backbone, words.smallestSide).features.shape).toEqual([2, words.features]);
    expect(() => built(backbone, words.smallestSide - 1)).toThrow(`${words.smallestSide} pixels`);
  });

  it('is normalised if it says so', () => {
    const normalized = built(backbone, words.smallestSide).scope.statistics.size > 0;
    expect(normalized).toBe(backbone.batchNormalization !== 'never');
  });

  it('has published names of its own for whatever it learns', () => {
    if ('none' in weights) return;
    const { parameters, statistics } = built(backbone, words.smallestSide).scope;
    const names = [...parameters.keys(), ...statistics.keys()].map((ours) => weights.torchNames(ours)[0]);
    expect(names.every((one) => /^[a-z]\S+\.[a-z_]+$/.test(one))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    expect(weights.torchNames('embedding.weight')).toEqual([]);
  });

  it('stands in docs/weights.md with these words', () => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    const [, , layers, side, features, published] = row.split('|').map((cell) => cell.trim());
    expect([layers, side, features]).toEqual([words.layers, `${words.smallestSide}`, `${words.features}`]);
    const files = 'none' in weights ? 'none' : weights.keras === true ? 'safetensors, Keras HDF5' : 'safetensors';
    expect(published.split(':')[0]).toBe(files);
  });
});

it('lets as many pictures through the model of a file as through a small one', () => {
  expect(embeddingBatch({ backbone: 'onnx' })).toBe(16);
  expect(embeddingBatch({ backbone: 'small' })).toBe(16);
});
