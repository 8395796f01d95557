import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { float32, type Tensor } from '../graph/tensor/tensor.ts';
import { nativeTensor } from './native-tensor.ts';

describe('nativeTensor', () => {
  it('gives onnxruntime the very elements', () => {
    const value = float32([2], [1, 2]);
    expect(nativeTensor(value)).toMatchObject({ type: 'float32', dims: [2], data: value.data });
  });

  it("names jest's environment where arrays are another context's", () => {
    const data: Float32Array = runInNewContext('new Float32Array([1, 2])');
    const foreign: Tensor = { ...float32([2], [1, 2]), data };
    expect(() => nativeTensor(foreign)).toThrow(
      /^onnxruntime does not know this environment's typed arrays as Node's own: jest's/,
    );
  });
});
