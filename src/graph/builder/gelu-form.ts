import { sameShape } from '../tensor/shape.ts';
import type { OperatorNode, Value } from './graph.ts';
import { constantOf, producerOf } from './value.ts';

/** Which function a Gelu is: with the exact bell curve, or with one of tanh near it. */
export type GeluApproximation = 'none' | 'tanh';

/** A Gelu that is written down as the nodes of its formula. */
export interface GeluForm {
  readonly x: Value;
  readonly approximate: GeluApproximation;
  /** What erf or tanh is taken of. */
  readonly inner: Value;
  /** `1 + erf(inner)` or `1 + tanh(inner)`. */
  readonly share: Value;
  /** Everything between x and the Gelu. */
  readonly within: readonly Value[];
}

/** The factor of `inner` in front of tanh, and that of the cube in it. */
export const geluFactors = { outer: Math.sqrt(2 / Math.PI), cube: 0.044715 } as const;

/**
 * The Gelu that a value is, written as exporters write it: `x (1 + erf(x / sqrt(2))) 0.5`, or
 * `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) 0.5`, factors in any order; undefined of anything else.
 *
 * Source: Hendrycks and Gimpel 2016, "Gaussian Error Linear Units".
 */
export function geluForm(y: Value): GeluForm | undefined {
  if (operatorBehind(y, 'Mul') === undefined) return undefined;
  const { factors, constant } = factorsOf(y);
  if (factors.length !== 2 || !isNear(constant, 0.5)) return undefined;
  const [a, b] = factors;
  const form = formOf(a, b) ?? formOf(b, a);
  return form && sameShape(form.x.shape, y.shape) ? { ...form, within: [...between(y, form.x)] } : undefined;
}

/** What a value is computed of, up to another one. */
function between(y: Value, x: Value, found = new Set<Value>()): Set<Value> {
  for (const value of producerOf(y)?.inputs ?? []) {
    if (value === undefined || value === x || found.has(value) || producerOf(value) === undefined) continue;
    found.add(value);
    between(value, x, found);
  }
  return found;
}

function formOf(x: Value, share: Value): Omit<GeluForm, 'within'> | undefined {
  const one = operatorBehind(share, 'Add');
  const bell = one && besideNumber(one, 1);
  const erf = bell && operatorBehind(bell, 'Erf');
  const [root] = erf?.inputs ?? [];
  if (root !== undefined) return isRoot(x, root) ? { x, approximate: 'none', inner: root, share } : undefined;
  const [inner] = (bell && operatorBehind(bell, 'Tanh'))?.inputs ?? [];
  return inner !== undefined && isBent(x, inner) ? { x, approximate: 'tanh', inner, share } : undefined;
}

/** x / sqrt(2). */
function isRoot(x: Value, value: Value): boolean {
  const quotient = operatorBehind(value, 'Div');
  if (quotient !== undefined) return quotient.inputs[0] === x && isNear(numberOf(quotient.inputs[1]), Math.SQRT2);
  const { factors, constant } = factorsOf(value);
  return factors.length === 1 && factors[0] === x && isNear(constant, Math.SQRT1_2);
}

/** sqrt(2 / pi) (x + 0.044715 x^3). */
function isBent(x: Value, value: Value): boolean {
  const { factors, constant } = factorsOf(value);
  const sum = factors.length === 1 ? operatorBehind(factors[0], 'Add') : undefined;
  if (sum === undefined || !isNear(constant, geluFactors.outer)) return false;
  const [a, b] = sum.inputs;
  const bend = a === x ? b : b === x ? a : undefined;
  if (bend === undefined) return false;
  const cube = factorsOf(bend);
  const powers = cube.factors.reduce((sum, factor) => sum + powerOf(x, factor), 0);
  return powers === 3 && isNear(cube.constant, geluFactors.cube);
}

/** The exponent with which x is a factor; NaN of another one. */
function powerOf(x: Value, factor: Value): number {
  if (factor === x) return 1;
  const power = operatorBehind(factor, 'Pow');
  return power?.inputs[0] === x ? (numberOf(power.inputs[1]) ?? Number.NaN) : Number.NaN;
}

/** What a value is the product of, single numbers multiplied with one another. @param depth of products that are looked into. */
function factorsOf(value: Value, depth = 3): { readonly factors: readonly Value[]; readonly constant: number } {
  const product = depth > 0 ? operatorBehind(value, 'Mul') : undefined;
  if (product === undefined) {
    const number = numberOf(value);
    return number === undefined ? { factors: [value], constant: 1 } : { factors: [], constant: number };
  }
  const [a, b] = [factorsOf(product.inputs[0]!, depth - 1), factorsOf(product.inputs[1]!, depth - 1)];
  return { factors: [...a.factors, ...b.factors], constant: a.constant * b.constant };
}

/** What is added to a number. */
function besideNumber({ inputs: [a, b] }: OperatorNode, number: number): Value | undefined {
  if (isNear(numberOf(b), number)) return a;
  return isNear(numberOf(a), number) ? b : undefined;
}

function operatorBehind(value: Value, op: OperatorNode['op']): OperatorNode | undefined {
  const node = producerOf(value);
  return node?.kind === 'operator' && node.op === op ? node : undefined;
}

/** The one number of a floating-point constant. */
function numberOf(value: Value | undefined): number | undefined {
  const tensor = constantOf(value);
  const floating = tensor?.type === 'float32' || tensor?.type === 'float64';
  return floating && tensor.data.length === 1 ? tensor.data[0] : undefined;
}

/** As files have numbers: rounded to float32 at best. */
const isNear = (value: number | undefined, wanted: number): boolean =>
  value !== undefined && Math.abs(value - wanted) <= 1e-5 * wanted;
