import { describe, expect, it } from 'vitest';
import { interpret } from '../../../test/oracles/reference/interpret.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { float32, type Tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { joinedParts } from './joined-parts.ts';
import { InferenceScope } from './network-scope.ts';

describe('joinedParts', () => {
  it('leaves the trunk what the other parts do not take', () => {
    const graph = new Graph();
    const features = graph.input('features', 'float32', [1, 6]);
    const names = ['embedding', 'contours', 'lowResolution'];
    const weights = new Map<string, Tensor>(
      names.flatMap((name) => [
        [`${name}.weight`, float32([2, 2], [1, 0, 0, 1])] as const,
        [`${name}.bias`, float32([2], [0, 0])] as const,
      ]),
    );
    const part = { features: 2, dimension: 2 };
    const parts = { contours: { ...part, share: 0.25 }, lowResolution: { ...part, share: 0.11 } };
    graph.output('embedding', joinedParts(new InferenceScope(graph, weights), features, 6, parts));
    const found = toNumbers(interpret(graph, { features: float32([1, 6], [3, 4, 0, 2, 6, 8]) }).embedding);
    const expected = [0.8 * 0.6, 0.8 * 0.8, 0, 0.5, Math.sqrt(0.11) * 0.6, Math.sqrt(0.11) * 0.8];
    for (const [place, value] of expected.entries()) expect(found[place]).toBeCloseTo(value, 6);
  });

  it('has squared distances that are those of the parts, each by its share', () => {
    const graph = new Graph();
    const features = graph.input('features', 'float32', [2, 5]);
    const weights = new Map<string, Tensor>([
      ['embedding.weight', float32([2, 3], [1, 0, 2, 0, 1, 0])],
      ['embedding.bias', float32([2], [0, 1])],
      ['contours.weight', float32([2, 2], [1, 0, 0, 1])],
      ['contours.bias', float32([2], [0, 0])],
    ]);
    const contours = { features: 2, dimension: 2, share: 0.36 };
    graph.output('embedding', joinedParts(new InferenceScope(graph, weights), features, 4, { contours }));
    const rows = [1, 2, 3, 3, 4, 0, 1, 0, 0, 2];
    const [a, b] = chunks(toNumbers(interpret(graph, { features: float32([2, 5], rows) }).embedding), 4);
    // x -> (x1 + 2 x3, x2 + 1), of length 1, and the last two as they are, of length 1.
    const first = [unit([7, 3]), unit([0, 2])];
    const second = [unit([3, 4]), unit([0, 2])];
    expect(squared(a, b)).toBeCloseTo(0.64 * squared(first[0], first[1]) + 0.36 * squared(second[0], second[1]), 6);
    expect(squared(a, [0, 0, 0, 0])).toBeCloseTo(1, 6);
  });
});

const unit = (row: readonly number[]) => row.map((value) => value / Math.hypot(...row));
const squared = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
const chunks = (row: readonly number[], length: number) =>
  Array.from({ length: row.length / length }, (_, i) => row.slice(i * length, (i + 1) * length));
