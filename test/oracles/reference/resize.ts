import { scaledLength } from '../../../src/graph/shape-inference/sampling.ts';
import { cubicWeight } from './cubic-weight.ts';
import { type Floats, float64, floats, optionalNumbers } from './operands.ts';
import { linesAlong } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

type Attributes = ReferenceContext<'Resize'>['attributes'];

/** How one element of a resized axis is made: a weighted sum of elements of the old axis. */
type Taps = readonly { readonly index: number; readonly weight: number }[];

/**
 * Resizes one axis after the other: along each, every new element is a weighted sum of old ones.
 *
 * @throws if the mode or the coordinate transformation is not one that is known here.
 */
export function resize(context: ReferenceContext<'Resize'>): Floats[] {
  const x = floats(context, 0);
  const scales = optionalNumbers(context, 2) ?? [];
  const sizes = optionalNumbers(context, 3) ?? [];
  let y = x;
  for (const [axis, length] of x.shape.entries()) {
    const wanted = scales.length > 0 ? scaledLength(length, scales[axis]) : sizes[axis];
    const scale = scales.length > 0 ? scales[axis] : wanted / length;
    if (wanted === length && scale === 1) continue;
    const taps = Array.from({ length: wanted }, (_, place) => tapsOf(context.attributes, place, scale, length, wanted));
    y = alongAxis(y, axis, taps);
  }
  return [y];
}

function alongAxis(x: Floats, axis: number, taps: readonly Taps[]): Floats {
  const y = float64(x.shape.with(axis, taps.length));
  const from = linesAlong(x.shape, axis);
  const to = linesAlong(y.shape, axis);
  for (const [line, start] of from.starts.entries()) {
    for (const [place, elements] of taps.entries()) {
      let sum = 0;
      for (const { index, weight } of elements) sum += weight * x.data[start + index * from.step];
      y.data[to.starts[line] + place * to.step] = sum;
    }
  }
  return y;
}

/**
 * The old elements that the new one at `place` is made of, their weights brought to a sum of 1. Antialiasing widens the
 * kernel by the factor of the reduction. An element beyond the axis counts as the last one inside or, with
 * `excludeOutside`, not at all (which is what Pillow does).
 */
function tapsOf(attributes: Attributes, place: number, scale: number, length: number, wanted: number): Taps {
  const x = oldPlace(attributes.coordinateTransformationMode, place, scale, length, wanted);
  if (attributes.mode === 'nearest') return [{ index: clamp(nearest(attributes.nearestMode, x), length), weight: 1 }];
  const stretch = attributes.antialias === 1 ? Math.max(1, 1 / scale) : 1;
  const { reach, weightAt } = kernelOf(attributes);
  const near = elementsNear(x, reach * stretch).filter(
    (index) => attributes.excludeOutside === 0 || (index >= 0 && index < length),
  );
  const weights = near.map((index) => weightAt((index - x) / stretch));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return near.map((index, i) => ({ index: clamp(index, length), weight: weights[i] / total }));
}

/** How far an element counts, and its weight by its distance, at a scale of 1. */
function kernelOf({ mode, cubicCoeffA }: Attributes): { reach: number; weightAt: (distance: number) => number } {
  if (mode === 'linear') return { reach: 1, weightAt: (distance) => Math.max(0, 1 - Math.abs(distance)) };
  if (mode === 'cubic') return { reach: 2, weightAt: (distance) => cubicWeight(distance, cubicCoeffA) };
  throw new Error(`Resize has no mode '${mode}': use nearest, linear or cubic`);
}

/** The whole numbers less than `reach` away from `x`. */
function elementsNear(x: number, reach: number): number[] {
  const first = Math.floor(x - reach) + 1;
  const last = Math.ceil(x + reach) - 1;
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const clamp = (index: number, length: number) => Math.min(Math.max(index, 0), length - 1);

/** Where in the old axis the new element at `place` lies. */
function oldPlace(mode: string, place: number, scale: number, length: number, wanted: number): number {
  switch (mode) {
    case 'half_pixel':
      return (place + 0.5) / scale - 0.5;
    case 'half_pixel_symmetric': {
      const adjustment = wanted / (scale * length);
      return (length / 2) * (1 - adjustment) + (place + 0.5) / scale - 0.5;
    }
    case 'pytorch_half_pixel':
      return wanted > 1 ? (place + 0.5) / scale - 0.5 : 0;
    case 'align_corners':
      return wanted > 1 ? (place * (length - 1)) / (wanted - 1) : 0;
    case 'asymmetric':
      return place / scale;
    default:
      throw new Error(
        `Resize has no reference for coordinateTransformationMode '${mode}': use half_pixel, half_pixel_symmetric, ` +
          'pytorch_half_pixel, align_corners or asymmetric',
      );
  }
}

function nearest(mode: string, x: number): number {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(x - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5);
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    default:
      throw new Error(`Resize has no nearestMode '${mode}': use round_prefer_floor, round_prefer_ceil, floor or ceil`);
  }
}
