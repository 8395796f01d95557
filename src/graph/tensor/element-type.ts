/** The array that holds each element type on the host. `bool` is one byte an element, 0 or 1, as ONNX has it. */
export interface ElementArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  int8: Int8Array;
  bool: Uint8Array;
}

/** Names of the element types, spelt as ONNX spells them in lower case (`float32` for ONNX's FLOAT). */
export type ElementType = keyof ElementArrays;

/** Bytes an element takes. */
export const bytesPerElement: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  int64: 8,
  uint8: 1,
  int8: 1,
  bool: 1,
};

/** The element types. */
export const elementTypes = Object.keys(bytesPerElement) as readonly ElementType[];

const constructors: { readonly [T in ElementType]: new (length: number) => ElementArrays[T] } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
};

/** A zero-filled array of `length` elements. */
export function newElementArray<T extends ElementType>(type: T, length: number): ElementArrays[T] {
  return new constructors[type](length);
}

/** True for the types a gradient can flow through. */
export function isFloating(type: ElementType): type is 'float32' | 'float64' {
  return type === 'float32' || type === 'float64';
}
