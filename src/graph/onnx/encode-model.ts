import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type GraphProto, GraphProtoSchema, type ModelProto, ModelProtoSchema, TensorProtoSchema } from './onnx_pb.ts';
import { elementBytes, tensorHeader } from './tensor-proto.ts';

/** The most bytes a protobuf file can have. */
const largestFile = 2 ** 31 - 1;

/**
 * A model file from its parts. `model` comes without its graph and `graph` without its initializers: the tensors are copied
 * once, from their own memory into the file, however large they are.
 *
 * @throws if the file would be larger than protobuf allows (2 GiB).
 */
export function encodeModel(
  model: ModelProto,
  graph: GraphProto,
  initializers: readonly { readonly name: string; readonly tensor: Tensor }[],
): Uint8Array {
  const parts: Uint8Array[] = [toBinary(GraphProtoSchema, graph)];
  for (const { name, tensor } of initializers) {
    const elements = elementBytes(tensor);
    const header = new BinaryWriter()
      .raw(toBinary(TensorProtoSchema, create(TensorProtoSchema, tensorHeader(tensor, name))))
      .raw(prefix(TensorProtoSchema.field.rawData.number, elements.length))
      .finish();
    parts.push(prefix(GraphProtoSchema.field.initializer.number, header.length + elements.length), header, elements);
  }
  const head = toBinary(ModelProtoSchema, model);
  return concatenate([head, prefix(ModelProtoSchema.field.graph.number, lengthOf(parts)), ...parts]);
}

/** What stands before a field of `length` bytes. */
function prefix(field: number, length: number): Uint8Array {
  checkLength(length);
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const length = lengthOf(parts);
  checkLength(length);
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function checkLength(length: number): void {
  if (length > largestFile) {
    throw new GraphError(
      `an ONNX file holds at most ${largestFile} bytes, but the model needs ${length}: use fewer weights`,
    );
  }
}
