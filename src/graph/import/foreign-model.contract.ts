import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { elementTypeCodes } from '../onnx/element-type-code.ts';
import { encodeAttribute } from '../onnx/encode-attribute.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../onnx/onnx_pb.ts';
import { tensorProto } from '../onnx/tensor-proto.ts';
import { valueInfo } from '../onnx/value-info.ts';
import type { AttributeValues } from '../operators/attribute-kind.ts';
import type { ElementType } from '../tensor/element-type.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

// Files as other programs write them, put together by hand for tests.

type Kinds = { [K in keyof AttributeValues]: { readonly kind: K; readonly value: AttributeValues[K] } };

/** An attribute's content: `int(1)`, `ints(1, 2)`, `float(0.5)`, `text('SAME')`, or a tensor. */
export type Content = Kinds[keyof Kinds] | Tensor;
export const int = (value: number): Content => ({ kind: 'int', value });
export const ints = (...value: number[]): Content => ({ kind: 'ints', value });
export const float = (value: number): Content => ({ kind: 'float', value });
export const text = (value: string): Content => ({ kind: 'string', value });

/** A node: `node('Add', ['a', 'b'], ['c'])`; it is named after its first output. */
export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, Content>> = {},
  domain = '',
): MessageInitShape<typeof NodeProtoSchema> {
  const attribute = Object.entries(attributes).map(([name, content]) => attributeProto(name, content));
  return { opType, domain, name: `${output.find((name) => name !== '')}_node`, input, output, attribute };
}

function attributeProto(name: string, content: Content): AttributeProto {
  if ('kind' in content) return encodeAttribute(name, content);
  return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: tensorProto(content) });
}

/** What a file is put together from. Values are given as type and shape. */
export interface ForeignFile {
  readonly opset: number;
  readonly inputs?: Readonly<Record<string, readonly [ElementType, Shape]>>;
  readonly initializers?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly MessageInitShape<typeof NodeProtoSchema>[];
  /** Names of outputs, whose types are left for others to infer, or types and shapes. */
  readonly outputs: readonly string[] | Readonly<Record<string, readonly [ElementType, Shape]>>;
  readonly described?: Readonly<Record<string, readonly [ElementType, Shape]>>;
  /** Overrides anything in the file. */
  readonly model?: MessageInitShape<typeof ModelProtoSchema>;
  readonly graph?: MessageInitShape<typeof GraphProtoSchema>;
}

/** The bytes of the file. */
export function foreignModel(file: ForeignFile): Uint8Array {
  const infos = (values: ForeignFile['inputs'] = {}) =>
    Object.entries(values).map(([name, [type, shape]]) => valueInfo(name, type, shape));
  const outputs = Array.isArray(file.outputs)
    ? file.outputs.map((name: string) => create(ValueInfoProtoSchema, { name, type: untyped }))
    : infos(file.outputs as ForeignFile['inputs']);
  const graph: MessageInitShape<typeof GraphProtoSchema> = {
    name: 'foreign',
    node: [...file.nodes],
    initializer: Object.entries(file.initializers ?? {}).map(([name, tensor]) => tensorProto(tensor, name)),
    input: infos(file.inputs),
    output: outputs,
    valueInfo: infos(file.described),
  };
  const model: MessageInitShape<typeof ModelProtoSchema> = {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: BigInt(file.opset) }],
  };
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { ...model, graph: create(GraphProtoSchema, { ...graph, ...file.graph }), ...file.model }),
  );
}

/** A float32 tensor of any shape. */
const untyped = { value: { case: 'tensorType', value: { elemType: elementTypeCodes.float32 } } } as const;

/** A float16 scalar: a type that our own graphs do not have. */
export function halfPrecision(name: string): ValueInfoProto {
  const type = { value: { case: 'tensorType', value: { elemType: TensorProto_DataType.FLOAT16, shape: {} } } } as const;
  return create(ValueInfoProtoSchema, { name, type });
}
