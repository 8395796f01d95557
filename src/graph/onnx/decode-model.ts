import { fromBinary } from '@bufbuild/protobuf';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type GraphProto, type ModelProto, ModelProtoSchema } from './onnx_pb.ts';
import { otherFormat } from './other-formats.ts';

/** An ONNX file as plain objects; it has a graph. */
export type DecodedModel = ModelProto & { readonly graph: GraphProto };

/**
 * The bytes of an ONNX file as plain objects, whose tensors are still views on the bytes.
 *
 * @throws if the bytes are not an ONNX file, or only a part of one.
 */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (error) {
    const other = otherFormat(bytes);
    if (other !== undefined) throw new GraphError(`not an ONNX file, but ${other}`, { cause: error });
    const why = /recursion depth/.test((error as Error).message) ? 'its parts are nested too deeply' : undefined;
    throw new GraphError(
      `not an ONNX file, or a damaged or incomplete one (${bytes.length} bytes${why === undefined ? '' : `; ${why}`})`,
      { cause: error },
    );
  }
  const { graph } = model;
  if (graph === undefined) {
    const other = otherFormat(bytes);
    throw new GraphError(
      other === undefined
        ? `not an ONNX file (${bytes.length} bytes): it has no graph`
        : `not an ONNX file, but ${other}`,
    );
  }
  return Object.assign(model, { graph });
}
