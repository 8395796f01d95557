import type { OperatorNode, Value } from '../builder/graph.ts';
import { constantOf } from '../builder/value.ts';
import type { OperatorName } from '../operators/operator.ts';
import { addLengths, multiplyLengths } from '../shape-inference/lengths.ts';
import { type ElementType, isFloating } from '../tensor/element-type.ts';
import { lengthOfProduct, productOf, quotientOf } from '../tensor/length-product.ts';
import { type Dimension, isStatic, normalizeAxis, sizeOf } from '../tensor/shape.ts';
import { toNumbers } from '../tensor/tensor.ts';

/** One element as far as it is known without running the graph: a number, the length of a named axis, or nothing. */
export type Element = Dimension | undefined;

type Elements = readonly Element[];

/** The elements of a node's output from those of its inputs; undefined where nothing is known. */
type ElementRule<Op extends OperatorName> = (
  node: OperatorNode<Op>,
  inputs: readonly (Elements | undefined)[],
) => Elements | undefined;

const rules: { readonly [Op in OperatorName]?: ElementRule<Op> } = {
  Shape: ({ inputs: [x], attributes: { start, end } }) => x?.shape.slice(start, end),
  Gather: ({ inputs: [data] }, [elements, indices]) =>
    data?.shape.length === 1 && elements !== undefined
      ? indices?.map((index) => (typeof index === 'number' ? elements.at(index) : undefined))
      : undefined,
  Slice: ({ inputs: [data, ...ranges] }, [elements]) => {
    const [starts, ends, axes, steps] = ranges.map((range) => constantNumbers(range));
    if (data === undefined || elements === undefined || starts?.length !== 1 || ends === undefined) return undefined;
    const rows = data.shape[0];
    if (normalizeAxis(axes?.[0] ?? 0, data.shape.length) !== 0 || typeof rows !== 'number') return undefined;
    const width = elements.length / rows;
    return slicedRows(rows, starts[0], ends[0], steps?.[0] ?? 1).flatMap((row) =>
      elements.slice(row * width, (row + 1) * width),
    );
  },
  Transpose: ({ inputs: [data], attributes: { perm } }, [elements]) => {
    if (data?.shape.length !== 2 || elements === undefined || perm?.[0] === 0) return elements;
    const [rows, columns] = data.shape.map(Number);
    return elements.map((_, place) => elements[(place % rows) * columns + Math.floor(place / rows)]);
  },
  Concat: ({ inputs: values }, inputs) =>
    inputs.flatMap((elements, i) => elements ?? new Array<undefined>(lengthOf(values[i])).fill(undefined)),
  Identity: (_, [elements]) => elements,
  Squeeze: (_, [elements]) => elements,
  Unsqueeze: (_, [elements]) => elements,
  Reshape: (_, [elements]) => elements,
  Cast: ({ attributes: { to } }, [elements]) => elements?.map((element) => cast(element, to)),
  Floor: (_, [elements]) => elements?.map((element) => ofNumber(element, Math.floor)),
  Ceil: (_, [elements]) => elements?.map((element) => ofNumber(element, Math.ceil)),
  Neg: (_, [elements]) => elements?.map((element) => (typeof element === 'number' ? -element : undefined)),
  Add: arithmetic((a, b) => a + b, sumOfLengths),
  Sub: arithmetic(
    (a, b) => a - b,
    (a, b) => (b === 0 ? a : a === b ? 0 : undefined),
  ),
  Mul: arithmetic((a, b) => a * b, productOfLengths),
  Div: arithmetic((a, b) => a / b, quotientOfLengths),
  Pow: arithmetic(
    (a, b) => a ** b,
    () => undefined,
  ),
  Sqrt: (_, [elements]) =>
    elements?.map((element) => (typeof element === 'number' ? ofNumber(element, Math.sqrt) : undefined)),
  Equal: (_, [a, b]) => pairwise(a, b, equal),
  Where: ({ outputs: [{ shape }] }, [condition, yes, no]) => {
    if (condition === undefined || yes === undefined || no === undefined || !isStatic(shape)) return undefined;
    return Array.from({ length: sizeOf(shape) }, (_, i) => {
      const chosen = at(condition, i);
      return typeof chosen === 'number' ? at(chosen ? yes : no, i) : undefined;
    });
  },
  Expand: ({ outputs: [{ shape }] }, [elements]) =>
    elements !== undefined && isStatic(shape)
      ? Array.from({ length: sizeOf(shape) }, (_, i) => at(elements, i))
      : undefined,
};

/** Operators whose rules also take matrices; all others take scalars and vectors. */
export const matrixOperators: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Slice', 'Transpose']);

/** The rules that follow short values through a graph; most operators have none. */
export const elementRules = rules as { readonly [Op in OperatorName]?: ElementRule<OperatorName> };

/** `compute` where both are numbers, `ofLengths` where one is the length of a named axis, or a multiple of it. */
function arithmetic(
  compute: (a: number, b: number) => number,
  ofLengths: (a: Dimension, b: Dimension) => Dimension | undefined,
) {
  return ({ outputs: [{ type }] }: OperatorNode, [a, b]: readonly (Elements | undefined)[]): Elements | undefined =>
    pairwise(a, b, (left, right) => {
      if (left === undefined || right === undefined) return undefined;
      if (typeof left === 'string' || typeof right === 'string') return ofLengths(left, right);
      return cast(compute(left, right), type);
    });
}

/** N + 0 is N, N + 2*N is 3*N; any other sum has no name. */
function sumOfLengths(a: Dimension, b: Dimension): Dimension | undefined {
  try {
    return addLengths([a, b], 'a sum');
  } catch {
    return undefined;
  }
}

function productOfLengths(a: Dimension, b: Dimension): Dimension | undefined {
  const whole = [a, b].every((length) => typeof length === 'string' || (Number.isSafeInteger(length) && length >= 0));
  return whole ? multiplyLengths([a, b]) : undefined;
}

function quotientOfLengths(a: Dimension, b: Dimension): Dimension | undefined {
  const quotient = quotientOf(productOf(a), productOf(b));
  return quotient && lengthOfProduct(quotient);
}

/**
 * A length is never negative, and equal to itself; whether a named one equals another one or a number is open, for a name may
 * stand for anything.
 */
function equal(a: Element, b: Element): Element {
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  return [a, b].some((length) => typeof length === 'number' && length < 0) ? 0 : undefined;
}

function pairwise(a: Elements | undefined, b: Elements | undefined, compute: (a: Element, b: Element) => Element) {
  if (a === undefined || b === undefined) return undefined;
  const length = a.length === 1 ? b.length : a.length;
  return Array.from({ length }, (_, i) => compute(at(a, i), at(b, i)));
}

/** Element `i`, where one element stands for as many as there are places. */
function at(elements: Elements, i: number): Element {
  return elements.length === 1 ? elements[0] : elements[i];
}

/** A number as an element type holds it. Integer division comes here as a fraction and is cut off towards zero, as in ONNX. */
function cast(element: Element, type: ElementType): Element {
  if (typeof element === 'string' && type === 'bool') return undefined;
  return ofNumber(element, (number) => {
    if (type === 'float32') return Math.fround(number);
    if (type === 'bool') return number === 0 ? 0 : 1;
    return isFloating(type) ? number : Math.trunc(number);
  });
}

function ofNumber(element: Element, compute: (number: number) => number): Element {
  if (typeof element !== 'number') return element;
  const result = compute(element);
  return Number.isFinite(result) ? result : undefined;
}

/** The rows that a Slice picks, in their order: ends count from the back where they are negative, and are cut off. */
function slicedRows(rows: number, start: number, end: number, step: number): number[] {
  const back = step < 0 ? 1 : 0;
  const bounded = (place: number) => Math.min(Math.max(place < 0 ? place + rows : place, -back), rows - back);
  const picked: number[] = [];
  const [from, to] = [Math.max(bounded(start), 0), bounded(end)];
  if (step === 0) return picked;
  for (let row = from; step > 0 ? row < to : row > to; row += step) picked.push(row);
  return picked;
}

function constantNumbers(value: Value | undefined): number[] | undefined {
  const constant = constantOf(value);
  return constant && toNumbers(constant);
}

function lengthOf(value: Value | undefined): number {
  const length = value?.shape[0];
  return typeof length === 'number' ? length : 0;
}
