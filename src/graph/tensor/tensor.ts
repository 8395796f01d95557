import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type ElementArrays, type ElementType, newElementArray } from './element-type.ts';
import { formatShape, type StaticShape, sizeOf } from './shape.ts';

/** Numbers on the host: an element type, a shape and a row-major array that holds exactly its elements. */
export interface TensorOf<T extends ElementType> {
  readonly type: T;
  readonly shape: StaticShape;
  readonly data: ElementArrays[T];
}

/** A tensor of any element type; `tensor.type` tells which array `tensor.data` is. */
export type Tensor = { [T in ElementType]: TensorOf<T> }[ElementType];

/**
 * A tensor over `data`, which is kept, not copied; zeros if left out.
 *
 * @throws if `data` does not have one element for each place of `shape`.
 */
export function tensor<T extends ElementType>(type: T, shape: StaticShape, data?: ElementArrays[T]): TensorOf<T> {
  const size = sizeOf(shape);
  if (data !== undefined && data.length !== size) {
    throw new GraphError(`a ${type} tensor of shape ${formatShape(shape)} has ${size} elements, got ${data.length}`);
  }
  return { type, shape, data: data ?? newElementArray(type, size) };
}

/** A float32 tensor from plain numbers. */
export function float32(shape: StaticShape, values: Iterable<number>): TensorOf<'float32'> {
  return tensor('float32', shape, Float32Array.from(values));
}

/** A one-axis int64 tensor from plain numbers: how ONNX wants shapes, axes and pads. */
export function int64Vector(values: readonly number[]): TensorOf<'int64'> {
  return tensor(
    'int64',
    [values.length],
    BigInt64Array.from(values, (value) => BigInt(value)),
  );
}

/** The elements as plain numbers, whatever the type. */
export function toNumbers(value: Tensor): number[] {
  return Array.from(value.data as ArrayLike<number | bigint>, Number);
}

/** The same numbers in a buffer of their own. (`data.slice()` of a Node Buffer is a view, not a copy.) */
export function copyTensor(value: Tensor): Tensor {
  const data = newElementArray(value.type, value.data.length);
  new Uint8Array(data.buffer).set(new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength));
  return { type: value.type, shape: value.shape, data } as Tensor;
}
