import { describe, expect, it } from 'vitest';
import { Graph } from '../../graph/builder/graph.ts';
import { constantOf } from '../../graph/builder/value.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import { filledWith } from './initializers.ts';
import { InferenceScope, TrainingScope } from './network-scope.ts';

describe('TrainingScope', () => {
  it('makes parameters, statistics and masks inputs of the graph and lists what they are', () => {
    const graph = new Graph();
    const scope = new TrainingScope(graph);
    const weight = scope.parameter('weight', [2, 3], filledWith(1), { decays: true });
    scope.parameter('bias', [2], filledWith(0));
    const mean = scope.statistic('mean', [2], 5);
    const dropped = scope.dropout('mask', weight, 0.25);
    expect(graph.inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['weight', [2, 3]],
      ['bias', [2]],
      ['mean', [2]],
      ['mask', [2, 3]],
    ]);
    expect([...scope.parameters.values()].map(({ spec }) => [spec.name, spec.decays])).toEqual([
      ['weight', true],
      ['bias', false],
    ]);
    expect(scope.statistics.get('mean')).toEqual({
      spec: { name: 'mean', shape: [2], initial: 5 },
      value: mean,
      next: mean,
    });
    expect(scope.masks).toEqual([{ name: 'mask', shape: [2, 3], keep: 0.75 }]);
    expect(dropped).not.toBe(weight);
  });

  it('replaces a statistic by its update, if it has it', () => {
    const scope = new TrainingScope(new Graph());
    scope.statistic('mean', [2], 0);
    const next = scope.graph.input('next', 'float32', [2]);
    scope.updateStatistic('mean', next);
    expect(scope.statistics.get('mean')?.next).toBe(next);
    expect(() => scope.updateStatistic('variance', next)).toThrow("the network has no statistic 'variance' to update");
  });

  it('drops nothing outside training, nor a share of nothing', () => {
    for (const [training, share] of [
      [false, 0.5],
      [true, 0],
    ] as const) {
      const scope = new TrainingScope(new Graph(), training);
      const x = scope.graph.input('x', 'float32', [2]);
      expect(scope.dropout('mask', x, share)).toBe(x);
      expect(scope.masks).toEqual([]);
    }
  });

  it('refuses one name for two parameters: no layer shares a weight by accident', () => {
    const scope = new TrainingScope(new Graph());
    scope.parameter('weight', [2], filledWith(0));
    expect(() => scope.parameter('weight', [2], filledWith(0))).toThrow("the name 'weight' is taken");
  });
});

describe('InferenceScope', () => {
  const scopeWith = (weights: ReadonlyMap<string, ReturnType<typeof float32>>) =>
    new InferenceScope(new Graph(), weights);

  it('makes parameters and statistics constants, under their names', () => {
    const weight = float32([2, 3], [1, 2, 3, 4, 5, 6]);
    const mean = float32([2], [7, 8]);
    const scope = scopeWith(
      new Map([
        ['weight', weight],
        ['mean', mean],
      ]),
    );
    const value = scope.parameter('weight', [2, 3]);
    expect(value.name).toBe('weight');
    expect(constantOf(value)).toEqual(weight);
    expect(constantOf(scope.statistic('mean', [2]))).toEqual(mean);
    expect(scope.graph.inputs).toEqual([]);
    expect(scope.dropout('mask', value)).toBe(value);
  });

  it('says which weights there are, if one is missing', () => {
    const scope = scopeWith(
      new Map([
        ['a', float32([1], [0])],
        ['b', float32([1], [0])],
      ]),
    );
    expect(() => scope.parameter('c', [4, 2])).toThrow("the weights lack 'c' of shape [4,2]; they have: a, b");
  });

  it.each([[[3, 2]], [[6]], [[2, 3, 1]], [[2, 4]]])('refuses a weight of another shape: %s', (shape) => {
    const scope = scopeWith(new Map([['weight', float32([2, 3], [1, 2, 3, 4, 5, 6])]]));
    expect(() => scope.parameter('weight', shape)).toThrow(
      `weight 'weight' has shape [2,3], the network wants [${shape}]`,
    );
  });

  it('has statistics that stay', () => {
    expect(() => scopeWith(new Map()).updateStatistic('mean')).toThrow(
      "statistic 'mean' cannot change outside training",
    );
  });
});
