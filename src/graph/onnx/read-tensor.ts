import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type ElementArrays, type ElementType, newElementArray } from '../tensor/element-type.ts';
import { formatShape } from '../tensor/shape.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { elementTypeOfCode, isHalf } from './element-type-code.ts';
import { isExternal } from './external-data.ts';
import { float32FromHalf } from './half-precision.ts';
import type { TensorProto_DataType as DataType, TensorProto } from './onnx_pb.ts';

/**
 * A tensor of a file, copied out of it, from `raw_data` or from the field of its type. Half-precision numbers become
 * float32.
 *
 * @throws if the element type is not one of ours, the elements are in another file, or their number is not what the shape
 * says; `what` names the place.
 */
export function readTensor(proto: TensorProto, what: string): Tensor {
  const type = elementTypeOfCode(proto.dataType, what);
  if (isExternal(proto)) {
    const location = proto.externalData.find(({ key }) => key === 'location')?.value ?? '';
    throw new GraphError(
      `${what} has its elements in another file ('${location}'), which is not read here: save the model as one file ` +
        '(torch.onnx.export with external_data=False, or onnx.save after onnx.load)',
    );
  }
  if (proto.segment !== undefined) throw new GraphError(`${what} is cut into segments, which is not supported`);
  const shape = proto.dims.map((length) => {
    if (length < 0n || length > 2 ** 31)
      throw new GraphError(`${what} has the shape ${formatShape(proto.dims.map(Number))}: the file is damaged`);
    return Number(length);
  });
  const size = shape.reduce((product, length) => product * length, 1);
  const data = isHalf(proto.dataType) ? halfElements(proto, size, what) : elements(proto, type, size, what);
  return tensor(type, shape, data) as Tensor;
}

function elements(proto: TensorProto, type: ElementType, size: number, what: string): ElementArrays[ElementType] {
  if (proto.rawData.length > 0) return rawElements(proto, type, size, what);
  // The checks come before the array is made: a damaged shape must not make us ask for memory that no elements fill.
  if (type === 'int64') return BigInt64Array.from(counted(proto.int64Data, size, what));
  const given = type === 'float32' ? proto.floatData : type === 'float64' ? proto.doubleData : proto.int32Data;
  const array = newElementArray(type, counted(given, size, what).length) as Exclude<
    ElementArrays[ElementType],
    BigInt64Array
  >;
  array.set(type === 'bool' ? given.map((value) => (value === 0 ? 0 : 1)) : given);
  return array;
}

function rawElements(proto: TensorProto, type: ElementType, size: number, what: string): ElementArrays[ElementType] {
  const width = newElementArray(type, 0).BYTES_PER_ELEMENT;
  checkCount(proto.rawData.length, size * width, 'bytes', what);
  const array = newElementArray(type, size);
  new Uint8Array(array.buffer).set(proto.rawData);
  return array;
}

function halfElements(proto: TensorProto, size: number, what: string): Float32Array {
  const code = proto.dataType as DataType.FLOAT16 | DataType.BFLOAT16;
  if (proto.rawData.length === 0) return float32FromHalf(code, counted(proto.int32Data, size, what));
  checkCount(proto.rawData.length, size * 2, 'bytes', what);
  const bits = new Uint16Array(size);
  new Uint8Array(bits.buffer).set(proto.rawData);
  return float32FromHalf(code, bits);
}

function counted<T extends ArrayLike<unknown>>(values: T, size: number, what: string): T {
  checkCount(values.length, size, 'elements', what);
  return values;
}

function checkCount(found: number, expected: number, unit: string, what: string): void {
  if (found === expected) return;
  throw new GraphError(`${what} has ${found} ${unit}, but its shape asks for ${expected}: the file is damaged`);
}
