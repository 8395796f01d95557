import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { AttributeValues } from '../operators/attribute-kind.ts';
import { type AttributesToGive, type OperatorName, schemaOf } from '../operators/operator.ts';
import { type Tensor, toNumbers } from '../tensor/tensor.ts';
import { wireName } from './attribute-name.ts';
import { elementTypeOfCode } from './element-type-code.ts';
import { type AttributeProto, AttributeProto_AttributeType as AttributeType } from './onnx_pb.ts';
import { readTensor } from './read-tensor.ts';

// Each reader throws if the attribute holds something else than it reads; `what` names the node. Files of the oldest format
// do not say what an attribute holds.

/** The one integer that an attribute holds. */
export function intOf(attribute: AttributeProto, what: string): bigint {
  return checked(attribute, AttributeType.INT, what).i;
}

/** The integers that an attribute holds. */
export function intsOf(attribute: AttributeProto, what: string): readonly bigint[] {
  return checked(attribute, AttributeType.INTS, what).ints;
}

/**
 * The shortest decimal number that is this attribute in float32: 0.1, not 0.10000000149011612, so that a number which
 * somebody wrote down comes back from a file as it was.
 */
export function floatOf(attribute: AttributeProto, what: string): number {
  return shortestDecimal(checked(attribute, AttributeType.FLOAT, what).f);
}

/** The numbers that an attribute holds, as float32. */
export function floatsOf(attribute: AttributeProto, what: string): readonly number[] {
  return checked(attribute, AttributeType.FLOATS, what).floats;
}

/** The text that an attribute holds. */
export function stringOf(attribute: AttributeProto, what: string): string {
  return new TextDecoder().decode(checked(attribute, AttributeType.STRING, what).s);
}

/** The tensor that an attribute holds. */
export function tensorOf(attribute: AttributeProto, what: string): Tensor {
  const { t } = checked(attribute, AttributeType.TENSOR, what);
  if (t === undefined) throw new GraphError(`${what}: its attribute '${attribute.name}' has no tensor`);
  return readTensor(t, `${what}: its attribute '${attribute.name}'`);
}

/** A file's integer as a number. @throws if it is too large to be one exactly. */
export function safeInteger(value: bigint, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new GraphError(`${what}: ${value} is too large`);
  return number;
}

/** The attributes of an operator, keyed by the names they have in the file. */
export function readAttributes<Op extends OperatorName>(
  op: Op,
  attributes: ReadonlyMap<string, AttributeProto>,
  what: string,
): AttributesToGive<Op> {
  const values: Record<string, unknown> = {};
  for (const [name, { kind }] of Object.entries(schemaOf(op).attributes)) {
    const attribute = attributes.get(wireName(name));
    if (attribute === undefined) continue;
    values[name] = op === 'ConstantOfShape' ? toNumbers(tensorOf(attribute, what))[0] : readers[kind](attribute, what);
  }
  return values as AttributesToGive<Op>;
}

/** The names in `attributes` that an operator of our set does not have. */
export function unknownAttributes(op: OperatorName, attributes: ReadonlyMap<string, AttributeProto>): string[] {
  const known = new Set(Object.keys(schemaOf(op).attributes).map(wireName));
  return [...attributes.keys()].filter((name) => !known.has(name));
}

const readers: { readonly [K in keyof AttributeValues]: (a: AttributeProto, what: string) => AttributeValues[K] } = {
  int: (attribute, what) => safeInteger(intOf(attribute, what), what),
  ints: (attribute, what) => intsOf(attribute, what).map((value) => safeInteger(value, what)),
  float: floatOf,
  string: stringOf,
  elementType: (attribute, what) => elementTypeOfCode(Number(intOf(attribute, what)), what),
};

function checked(attribute: AttributeProto, expected: AttributeType, what: string): AttributeProto {
  if (attribute.type === expected || attribute.type === AttributeType.UNDEFINED) return attribute;
  const found = AttributeType[attribute.type];
  throw new GraphError(`${what}: its attribute '${attribute.name}' is a ${found}, expected ${AttributeType[expected]}`);
}

function shortestDecimal(value: number): number {
  // Zero keeps its sign.
  if (value === 0) return value;
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
