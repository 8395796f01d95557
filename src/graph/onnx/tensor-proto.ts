import { create } from '@bufbuild/protobuf';
import type { Tensor } from '../tensor/tensor.ts';
import { elementTypeCodes } from './element-type-code.ts';
import { type TensorProto, TensorProtoSchema } from './onnx_pb.ts';

/** A tensor as the file has it, elements in `raw_data`: a view on the tensor's memory, not a copy. */
export function tensorProto(tensor: Tensor, name = ''): TensorProto {
  return create(TensorProtoSchema, { ...tensorHeader(tensor, name), rawData: elementBytes(tensor) });
}

/** What the file says of a tensor besides its elements. */
export function tensorHeader(tensor: Tensor, name: string) {
  return {
    dims: tensor.shape.map(BigInt),
    dataType: elementTypeCodes[tensor.type],
    ...(name === '' ? {} : { name }),
  };
}

/** The memory of a tensor's elements as bytes, shared with it. ONNX has them little-endian, as every host we run on does. */
export function elementBytes(tensor: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
