import { type AttributesToGive, completeAttributes, type OperatorName } from '../../src/graph/operators/operator.ts';
import { inferShapes } from '../../src/graph/shape-inference/infer-shapes.ts';
import type { InputType } from '../../src/graph/shape-inference/rule.ts';
import type { ElementType } from '../../src/graph/tensor/element-type.ts';
import { formatShape } from '../../src/graph/tensor/shape.ts';
import type { Tensor } from '../../src/graph/tensor/tensor.ts';

/** A value in writing: `'float32[N, 3]'`. A tensor stands for a constant, undefined for an input left out. */
export type WrittenInput = string | Tensor | undefined;

/** A hand-worked answer: an operator applied `of` some inputs `with` some attributes `gives` these outputs. */
export interface ShapeCase<Op extends OperatorName> {
  readonly of: readonly WrittenInput[];
  readonly with?: AttributesToGive<Op>;
  readonly gives: readonly string[];
}

/** A hand-worked refusal: inputs and attributes that do not fit, and words that the message must have in it. */
export interface ShapeRefusal<Op extends OperatorName> {
  readonly of: readonly WrittenInput[];
  readonly with?: AttributesToGive<Op>;
  /** How many outputs are asked for: 1 unless told. */
  readonly outputs?: number;
  readonly says: string;
}

/** Refusals of every operator. */
export type ShapeRefusals = { readonly [Op in OperatorName]: readonly ShapeRefusal<Op>[] };

/** Cases of every operator: whatever infers or computes shapes must agree with them. */
export type ShapeCases = { readonly [Op in OperatorName]: readonly ShapeCase<Op>[] };

/** The type and shape of an input in writing. */
export function readInput(written: WrittenInput): InputType | undefined {
  if (typeof written !== 'string') return written && { type: written.type, shape: written.shape, constant: written };
  const match = /^(\w+)\[(.*)\]$/.exec(written);
  if (match === null) throw new Error(`'${written}' is not of the form float32[N, 3]`);
  const lengths = match[2] === '' ? [] : match[2].split(', ');
  const shape = lengths.map((length) => (/^\d+$/.test(length) ? Number(length) : length));
  return { type: match[1] as ElementType, shape };
}

/** What shape inference says of an operator's outputs, in writing. */
export function inferred<Op extends OperatorName>(
  op: Op,
  of: readonly WrittenInput[],
  attributes: AttributesToGive<Op>,
  outputCount = 1,
): string[] {
  const complete = completeAttributes(op, attributes);
  const outputs = inferShapes({ op, inputs: of.map(readInput), attributes: complete, outputCount });
  return outputs.map(({ type, shape }) => `${type}${formatShape(shape)}`);
}
