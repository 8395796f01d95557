import { describe, expect, it } from 'vitest';
import { pairedConclusion } from './paired-conclusion.ts';

const mean = { value: 0.5, low: 0.4, high: 0.6 };
const measure = (better: 'first' | 'second' | 'neither') => ({ first: mean, second: mean, difference: mean, better });

describe('pairedConclusion', () => {
  it('says who is better in what, and what could be chance', () => {
    const measures = {
      recallAt1: measure('first'),
      mapAtR: measure('first'),
      precisionAt5: measure('second'),
      rPrecision: measure('neither'),
    };
    expect(pairedConclusion(['a.onnx', 'b.onnx'], measures)).toBe(
      'a.onnx is better than b.onnx in Recall@1 and MAP@R, by more than chance among queries. ' +
        'b.onnx is better than a.onnx in precision@5, by more than chance among queries. ' +
        'In R-precision the difference could be chance: its interval holds 0.',
    );
  });

  it('says so where all of it could be chance', () => {
    expect(pairedConclusion(['a.onnx', 'b.onnx'], { recallAt1: measure('neither') })).toBe(
      'Every difference between a.onnx and b.onnx could be chance: the intervals of all of them hold 0.',
    );
  });
});
