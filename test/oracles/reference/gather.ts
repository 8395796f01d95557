import { normalizeAxis } from '../../../src/graph/tensor/shape.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';
import { stridesOf } from '../../support/strides-of.ts';
import { type Elements, given, larger, numbers, smaller } from './operands.ts';
import { gridPositions, shapeOffsets, take } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

/** Whole slices of `data` along an axis, chosen by index; a negative index counts from the end. */
export function gather(context: ReferenceContext<'Gather'>): Tensor[] {
  const data = given(context, 0);
  const axis = normalizeAxis(context.attributes.axis, data.shape.length);
  const stride = stridesOf(data.shape)[axis];
  const chosen = numbers(context, 1).map((index) => checkedIndex(context.op, index, data.shape[axis]) * stride);
  const offsets = shapeOffsets(data.shape).with(axis, chosen);
  return [take(data, data.shape.toSpliced(axis, 1, ...given(context, 1).shape), gridPositions(offsets))];
}

/** `output[i][j] = data[indices[i][j]][j]` for axis 0 of two, and so on. */
export function gatherElements(context: ReferenceContext<'GatherElements'>): Tensor[] {
  const data = given(context, 0);
  return [take(data, given(context, 1).shape, indexedPositions(context))];
}

/**
 * A copy of `data` in which `output[indices[i][j]][j]` (axis 0 of two) is set to, or joined with, `updates[i][j]`. Where an
 * index comes more than once, every update counts in row-major order; with reduction `none` the last one stays.
 */
export function scatterElements(context: ReferenceContext<'ScatterElements'>): Tensor[] {
  const data = given(context, 0);
  const updates: Elements = given(context, 2).data;
  const join = joinOf(context.attributes.reduction);
  const result = take(
    data,
    data.shape,
    Array.from({ length: data.data.length }, (_, position) => position),
  );
  const to: Elements = result.data;
  for (const [i, position] of indexedPositions(context).entries()) to[position] = join(to[position], updates[i]);
  return [result];
}

/** The place of each index in `data`: its own place on every axis but one, the index itself on that one. */
function indexedPositions(context: ReferenceContext<'GatherElements' | 'ScatterElements'>): Float64Array {
  const { shape } = given(context, 0);
  const axis = normalizeAxis(context.attributes.axis, shape.length);
  const strides = stridesOf(shape);
  const indices = numbers(context, 1);
  const others = given(context, 1).shape.map((length, a) =>
    Array.from({ length }, (_, place) => (a === axis ? 0 : place * strides[a])),
  );
  return gridPositions(others).map(
    (base, i) => base + checkedIndex(context.op, indices[i], shape[axis]) * strides[axis],
  );
}

function checkedIndex(op: string, index: number, length: number): number {
  if (index < -length || index >= length) {
    throw new Error(`${op} has the index ${index} for an axis of length ${length}: use ${-length} to ${length - 1}`);
  }
  return index < 0 ? index + length : index;
}

function joinOf(reduction: string): (old: number | bigint, update: number | bigint) => number | bigint {
  switch (reduction) {
    case 'none':
      return (_, update) => update;
    case 'add':
      return (old, update) => (typeof old === 'bigint' ? old + BigInt(update) : old + Number(update));
    case 'mul':
      return (old, update) => (typeof old === 'bigint' ? old * BigInt(update) : old * Number(update));
    case 'max':
      return larger;
    case 'min':
      return smaller;
    default:
      throw new Error(`ScatterElements has no reduction '${reduction}': use none, add, mul, max or min`);
  }
}
