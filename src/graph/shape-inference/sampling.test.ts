import { describe, expect, it } from 'vitest';
import { scaledLength } from './sampling.ts';

describe('scaledLength', () => {
  // What onnxruntime 1.30 gives for Resize along one axis with these scales.
  it.each([
    [10, 0.7, 7],
    [3, 1 / 3, 1],
    [5, 0.5, 2],
    [9, 2, 18],
    [1, 0.3, 0],
    [29, 0.1, 2],
  ])('makes %d elements times %f into %d', (length, scale, expected) => {
    expect(scaledLength(length, scale)).toBe(expected);
  });
});
