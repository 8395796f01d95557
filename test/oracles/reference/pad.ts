import { normalizeAxis } from '../../../src/graph/tensor/shape.ts';
import type { Tensor } from '../../../src/graph/tensor/tensor.ts';
import { stridesOf } from '../../support/strides-of.ts';
import { given, numbers, optionalNumbers } from './operands.ts';
import { gridPositions, take } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

/**
 * Elements around a value: a constant, or the value mirrored at its first and last element (`reflect`, which does not
 * repeat them), or its edge repeated (`edge`). Negative pads cut elements away.
 */
export function pad(context: ReferenceContext<'Pad'>): Tensor[] {
  const x = given(context, 0);
  const pads = numbers(context, 1);
  const fill = context.inputs[2]?.data[0];
  const axes = (optionalNumbers(context, 3) ?? [...x.shape.keys()]).map((axis) => normalizeAxis(axis, x.shape.length));
  const sourceIn = sourceOf(context.attributes.mode);
  const strides = stridesOf(x.shape);
  const offsets = x.shape.map((length, axis) => {
    const named = axes.indexOf(axis);
    const before = named < 0 ? 0 : pads[named];
    const after = named < 0 ? 0 : pads[named + axes.length];
    const places = Array.from({ length: length + before + after }, (_, place) => place - before);
    return places.map((place) => (place >= 0 && place < length ? place : sourceIn(place, length)) * strides[axis]);
  });
  const shape = offsets.map((ofAxis) => ofAxis.length);
  return [take(x, shape, gridPositions(offsets), fill ?? (x.type === 'int64' ? 0n : 0))];
}

/** Which element of an axis stands at a place outside it; NaN for none. */
function sourceOf(mode: string): (place: number, length: number) => number {
  switch (mode) {
    case 'constant':
      return () => Number.NaN;
    case 'edge':
      return (place, length) => (place < 0 ? 0 : length - 1);
    case 'reflect':
      return (place, length) => (place < 0 ? -place : 2 * (length - 1) - place);
    default:
      throw new Error(`Pad has no mode '${mode}': use constant, edge or reflect`);
  }
}
