import { toBinary } from '@bufbuild/protobuf';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { DecodedModel } from './decode-model.ts';
import {
  type AttributeProto,
  TensorProto_DataLocation as DataLocation,
  type GraphProto,
  ModelProtoSchema,
  type TensorProto,
} from './onnx_pb.ts';

/** Where a tensor's elements lie outside the model's file. */
export interface ExternalPlace {
  readonly tensor: TensorProto;
  /** Path of the other file, as the model gives it: relative to the model's folder, with `/`. */
  readonly location: string;
  /** Bytes before the elements. */
  readonly offset: number;
  /** Bytes of the elements; undefined for all that follow. */
  readonly length: number | undefined;
}

/** True if the elements of a tensor are in another file. */
export function isExternal({ dataLocation, externalData }: TensorProto): boolean {
  return dataLocation === DataLocation.EXTERNAL || externalData.length > 0;
}

/**
 * The tensors of a model whose elements are in other files: weights, and what nodes hold, at any depth.
 *
 * @throws if a tensor does not say in which file, or its place in it is no place.
 */
export function externalPlaces({ graph, functions }: DecodedModel): ExternalPlace[] {
  const found: TensorProto[] = [];
  const graphs: GraphProto[] = [graph];
  const attributes: AttributeProto[] = functions.flatMap(({ node }) => node.flatMap(({ attribute }) => attribute));
  for (let next = graphs.pop(); next !== undefined; next = graphs.pop()) {
    found.push(...next.initializer.filter(isExternal));
    for (const { attribute } of next.node) attributes.push(...attribute);
    for (let each = attributes.pop(); each !== undefined; each = attributes.pop()) {
      found.push(...[...(each.t === undefined ? [] : [each.t]), ...each.tensors].filter(isExternal));
      graphs.push(...(each.g === undefined ? [] : [each.g]), ...each.graphs);
    }
  }
  return found.map(placeOf);
}

/** Puts the elements of a tensor into the model. */
export function embedElements(tensor: TensorProto, elements: Uint8Array): void {
  tensor.rawData = elements;
  tensor.externalData = [];
  tensor.dataLocation = DataLocation.DEFAULT;
}

/** The bytes of a model with all that is in it now. */
export function encodeWhole(model: DecodedModel): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

function placeOf(tensor: TensorProto): ExternalPlace {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location') ?? '';
  if (location === '')
    throw new GraphError(`tensor '${tensor.name}' has its elements in another file, but does not say which`);
  const bytes = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const count = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
    throw new GraphError(
      `tensor '${tensor.name}' has the ${key} '${text}' in '${location}', which is no number of bytes`,
    );
  };
  return { tensor, location, offset: bytes('offset') ?? 0, length: bytes('length') };
}
