import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { canonicalLength } from '../tensor/length-product.ts';
import type { Dimension, Shape } from '../tensor/shape.ts';
import { elementTypeCodes, elementTypeOfCode } from './element-type-code.ts';
import { type TensorShapeProto_DimensionSchema, type ValueInfoProto, ValueInfoProtoSchema } from './onnx_pb.ts';

/** A value's name, type and shape as the file has them; a named length becomes a `dim_param`. */
export function valueInfo(name: string, type: ElementType, shape: Shape): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: { elemType: elementTypeCodes[type], shape: { dim: shape.map(dimension) } },
      },
    },
  });
}

function dimension(length: Dimension): MessageInitShape<typeof TensorShapeProto_DimensionSchema> {
  return typeof length === 'number'
    ? { value: { case: 'dimValue', value: BigInt(length) } }
    : { value: { case: 'dimParam', value: length } };
}

/**
 * Type and shape out of a value's description. A length that the file leaves open without a name gets one of its own,
 * `name.0` for the first axis.
 *
 * @throws if the value is not a tensor, its number of axes is not given, or its element type is not one of ours.
 */
export function readValueInfo(info: ValueInfoProto): { type: ElementType; shape: Dimension[] } {
  const what = `value '${info.name}'`;
  const described = info.type?.value;
  if (described?.case !== 'tensorType') {
    throw new GraphError(`${what} is described as ${described?.case ?? 'nothing'}, but only tensors are supported`);
  }
  if (described.value.shape === undefined) {
    throw new GraphError(`${what} has no shape in the file: run ONNX shape inference on the model first`);
  }
  return {
    type: elementTypeOfCode(described.value.elemType, what),
    shape: described.value.shape.dim.map(({ value }, axis) => {
      if (value.case === 'dimParam' && value.value !== '') return canonicalLength(value.value);
      if (value.case !== 'dimValue' || value.value < 0n) return `${info.name}.${axis}`;
      if (value.value > Number.MAX_SAFE_INTEGER)
        throw new GraphError(`${what} has axis ${axis} of length ${value.value}`);
      return Number(value.value);
    }),
  };
}
