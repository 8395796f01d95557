import { normalizeAxis } from '../../../src/graph/tensor/shape.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';
import { stridesOf } from '../../support/strides-of.ts';
import { given, numbers, optionalNumbers } from './operands.ts';
import { gridPositions, offsetsOf, take } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

/**
 * Every `steps[i]`th element of axis `axes[i]` from `starts[i]` up to, not including, `ends[i]`. A negative place counts
 * from the end of the axis; places beyond the axis are cut back to it; a negative step walks backwards, and an end far
 * below zero then includes the first element.
 */
export function slice(context: ReferenceContext<'Slice'>): Tensor[] {
  const x = given(context, 0);
  const starts = numbers(context, 1);
  const ends = numbers(context, 2);
  const axes = optionalNumbers(context, 3) ?? [...starts.keys()];
  const steps = optionalNumbers(context, 4) ?? starts.map(() => 1);
  const shape = [...x.shape];
  const strides = stridesOf(x.shape);
  const offsets = x.shape.map((length, axis) => offsetsOf(length, strides[axis]));
  for (const [i, named] of axes.entries()) {
    const axis = normalizeAxis(named, shape.length);
    const length = x.shape[axis];
    const step = steps[i];
    const fromStart = (place: number) => (place < 0 ? place + length : place);
    const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
    const clamp = (place: number) => Math.min(Math.max(fromStart(place), lowest), highest);
    const start = step > 0 ? clamp(starts[i]) : Math.max(clamp(starts[i]), 0);
    shape[axis] = Math.max(0, Math.ceil((clamp(ends[i]) - start) / step));
    offsets[axis] = offsetsOf(shape[axis], step * strides[axis], start * strides[axis]);
  }
  return [take(x, shape, gridPositions(offsets))];
}
