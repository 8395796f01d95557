import { describe, expect, it } from 'vitest';
import { Graph } from '../builder/graph.ts';
import { int64Vector } from '../tensor/tensor.ts';
import { constantNumbers, optionalConstantNumbers } from './constant-input.ts';

describe('constantNumbers', () => {
  it('reads a constant and passes over an input left out', () => {
    expect(constantNumbers(new Graph().constant(int64Vector([2, -1])), 'axes')).toEqual([2, -1]);
    expect(optionalConstantNumbers(undefined, 'axes')).toBeUndefined();
  });

  it('refuses what is computed later', () => {
    const computed = new Graph().input('where', 'int64', [2]);
    expect(() => constantNumbers(computed, 'axes')).toThrow(
      "its input 'axes' ('where') is computed when the graph runs; give it as a constant",
    );
  });
});
