import { create } from '@bufbuild/protobuf';
import type { AttributeValues } from '../operators/attribute-kind.ts';
import { type OperatorName, schemaOf } from '../operators/operator.ts';
import { float32 } from '../tensor/tensor.ts';
import { wireName } from './attribute-name.ts';
import { elementTypeCodes } from './element-type-code.ts';
import { type AttributeProto, AttributeProtoSchema, AttributeProto_AttributeType as AttributeType } from './onnx_pb.ts';
import { tensorProto } from './tensor-proto.ts';

type Given = { readonly [K in keyof AttributeValues]: { readonly kind: K; readonly value: AttributeValues[K] } };

/**
 * An operator's attributes as the file has them. What is absent, and a list that is empty (which stands for ONNX's default),
 * is left out.
 */
export function encodeAttributes(op: OperatorName, values: Readonly<Record<string, unknown>>): AttributeProto[] {
  const encoded: AttributeProto[] = [];
  for (const [name, { kind }] of Object.entries(schemaOf(op).attributes)) {
    const value = values[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    encoded.push(
      op === 'ConstantOfShape'
        ? create(AttributeProtoSchema, {
            name,
            type: AttributeType.TENSOR,
            t: tensorProto(float32([1], [value as number])),
          })
        : encodeAttribute(wireName(name), { kind, value } as Given[keyof Given]),
    );
  }
  return encoded;
}

/** One attribute as the file has it, under its name there. */
export function encodeAttribute(name: string, given: Given[keyof Given]): AttributeProto {
  switch (given.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(given.value) });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: given.value.map(BigInt) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: given.value });
    case 'string':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeType.STRING,
        s: new TextEncoder().encode(given.value),
      });
    case 'elementType':
      return create(AttributeProtoSchema, {
        name,
        type: AttributeType.INT,
        i: BigInt(elementTypeCodes[given.value]),
      });
  }
}
