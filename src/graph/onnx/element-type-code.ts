import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { TensorProto_DataType as DataType } from './onnx_pb.ts';

/** ONNX's integer code of each of our element types. */
export const elementTypeCodes: Readonly<Record<ElementType, DataType>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  int32: DataType.INT32,
  int64: DataType.INT64,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  bool: DataType.BOOL,
};

const typesByCode: ReadonlyMap<number, ElementType> = new Map(
  (Object.keys(elementTypeCodes) as ElementType[]).map((type) => [elementTypeCodes[type], type]),
);

/** True for the two 16-bit floating-point types: we have neither, so their values are read as float32. */
export function isHalf(code: number): boolean {
  return code === DataType.FLOAT16 || code === DataType.BFLOAT16;
}

/**
 * The element type of an ONNX code; float32 for the two half-precision types.
 *
 * @throws if we have no such type; `what` names the place.
 */
export function elementTypeOfCode(code: number, what: string): ElementType {
  const type = isHalf(code) ? 'float32' : typesByCode.get(code);
  if (type !== undefined) return type;
  throw new GraphError(
    `${what} has the element type ${DataType[code] ?? code}, which is not supported: ` +
      `use one of ${[...typesByCode.keys(), DataType.FLOAT16, DataType.BFLOAT16].map((known) => DataType[known]).join(', ')}`,
  );
}
