import * as ort from 'onnxruntime-node';
import { EngineError } from '../foundation/errors/engine-error.ts';
import type { Tensor } from '../graph/tensor/tensor.ts';

/**
 * The tensor as onnxruntime takes it.
 *
 * @throws in an environment that replaces JavaScript's own arrays, as jest's default one does: onnxruntime knows Node's alone.
 */
export function nativeTensor(value: Tensor): ort.Tensor {
  try {
    return new ort.Tensor(value.type, value.data as ort.Tensor.DataType, value.shape);
  } catch (error) {
    const { message } = error as Error;
    if (!message.includes('must be type of')) throw error;
    throw new EngineError(
      "onnxruntime does not know this environment's typed arrays as Node's own: jest's default environment replaces them; use the " +
        "package jest-environment-node-single-context as jest's testEnvironment, or run in plain Node or vitest",
      { cause: error },
    );
  }
}
