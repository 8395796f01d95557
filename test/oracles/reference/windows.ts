import type { SpatialAttributes } from '../../../src/graph/shape-inference/spatial.ts';
import { type StaticShape, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { stridesOf } from '../../support/strides-of.ts';
import { gridPositions, offsetsOf } from './positions.ts';

/** The elements that each place of a sliding window touches. */
export interface Windows {
  /** How many places the window takes. */
  readonly count: number;
  /** How many elements a window has. */
  readonly size: number;
  /** Element `k` of window `w` lies at `positions[w * size + k]` of the spatial axes, or at NaN in the padding. */
  readonly positions: Float64Array;
}

/**
 * Lays a window over row-major spatial axes of `lengths`, `counts` times along each: window `w`, element `k` touches
 * `w * stride + k * dilation - padsBegin`.
 */
export function windowsOver(lengths: StaticShape, counts: StaticShape, spatial: SpatialAttributes): Windows {
  const strides = stridesOf(lengths);
  const count = sizeOf(counts);
  const size = sizeOf(spatial.kernelShape);
  const positions = new Float64Array(count * size);
  const starts = counts.map((ofAxis, axis) => offsetsOf(ofAxis, spatial.strides[axis], -spatial.padsBegin[axis]));
  for (let window = 0; window < count; window++) {
    const corner = placeOf(window, counts);
    const touched = gridPositions(
      corner.map((index, axis) =>
        offsetsOf(spatial.kernelShape[axis], spatial.dilations[axis], starts[axis][index]).map((place) =>
          place >= 0 && place < lengths[axis] ? place * strides[axis] : Number.NaN,
        ),
      ),
    );
    positions.set(touched, window * size);
  }
  return { count, size, positions };
}

/** The index along each axis of the element at a position of a row-major array. */
export function placeOf(position: number, shape: StaticShape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]);
}
