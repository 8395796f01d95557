import type { OperatorName } from '../../../src/graph/operators/operator.ts';
import { type ElementType, isFloating } from '../../../src/graph/tensor/element-type.ts';
import type { StaticShape } from '../../../src/graph/tensor/shape.ts';
import { type Tensor, type TensorOf, tensor, toNumbers } from '../../../src/graph/tensor/tensor.ts';

/** A tensor as the reference computes with it. */
export type Floats = TensorOf<'float64'>;

/** What the readers below need of a rule's context. */
interface Operands {
  readonly op: OperatorName;
  readonly inputs: readonly (Tensor | undefined)[];
}

/** Elements of any type, for loops that only move or compare them. */
export interface Elements {
  readonly length: number;
  [index: number]: number | bigint;
}

/** Input `index`, of any type. */
export function given({ op, inputs }: Operands, index: number): Tensor {
  const input = inputs[index];
  if (input === undefined) throw new Error(`${op} needs its input ${index}, which the node leaves out`);
  return input;
}

/** Input `index`, which must be floating. */
export function floats(operands: Operands, index: number): Floats {
  const input = given(operands, index);
  if (input.type === 'float64') return input;
  throw new Error(`${operands.op} is defined for floating inputs only, but its input ${index} is ${input.type}`);
}

/** Input `index`, which must be floating, or undefined where the node leaves it out. */
export function optionalFloats(operands: Operands, index: number): Floats | undefined {
  return operands.inputs[index] && floats(operands, index);
}

/** Input `index` (axes, pads, a shape, ...) as plain numbers, or undefined where the node leaves it out. */
export function optionalNumbers({ inputs }: Operands, index: number): number[] | undefined {
  const input = inputs[index];
  return input && toNumbers(input);
}

/** Input `index` (axes, pads, a shape, ...) as plain numbers. */
export function numbers(operands: Operands, index: number): number[] {
  return toNumbers(given(operands, index));
}

/** A float64 tensor over `data`, zeros if left out. */
export function float64(shape: StaticShape, data?: Float64Array): Floats {
  return tensor('float64', shape, data);
}

/** Zeros of an element type known only at run time; a floating one is held as float64. */
export function zerosOf(type: ElementType, shape: StaticShape): Tensor {
  return tensor(isFloating(type) ? 'float64' : type, shape) as Tensor;
}

/** An integer tensor of `type` from exact values, which wrap around as the type's do. */
export function fromIntegers(type: ElementType, shape: StaticShape, values: readonly bigint[]): Tensor {
  const result = zerosOf(type, shape);
  const data: Elements = result.data;
  for (const [index, value] of values.entries()) {
    data[index] = result.type === 'int64' ? value : Number(BigInt.asIntN(32, value));
  }
  return result;
}

/** The elements of an integer tensor as exact values. */
export function toIntegers(x: Tensor): bigint[] {
  return Array.from(x.data as ArrayLike<number | bigint>, BigInt);
}

/** The larger of two elements of one type; `Math.max` takes no bigint. */
export function larger<E extends number | bigint>(a: E, b: E): E {
  return a < b ? b : a;
}

/** The smaller of two elements of one type. */
export function smaller<E extends number | bigint>(a: E, b: E): E {
  return b < a ? b : a;
}
