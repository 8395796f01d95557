import { sizeOf } from '../../../src/graph/tensor/shape.ts';
import { stridesOf } from '../../support/strides-of.ts';
import { cubicWeight } from './cubic-weight.ts';
import { type Floats, float64, floats } from './operands.ts';
import { gridPositions } from './positions.ts';
import type { ReferenceContext } from './rule.ts';

type Attributes = ReferenceContext<'GridSample'>['attributes'];

/** The elements of one axis that a point reads; NaN for an element that counts as zero. */
interface Taps {
  readonly indices: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Reads X, `N x C x D1 x ...`, at the points of a grid, `N x places x r`, whose coordinates run from -1 to 1 over each
 * axis, the last axis named first. With `alignCorners` -1 and 1 are the centres of the end pixels, otherwise the outer
 * edges. A coordinate outside is, by `paddingMode`, nothing (`zeros`), the nearest inside (`border`), or mirrored at the
 * end (`reflection`). Mode `cubic` uses a = -0.75.
 */
export function gridSample(context: ReferenceContext<'GridSample'>): Floats[] {
  const x = floats(context, 0);
  const grid = floats(context, 1);
  const [batch, channels, ...lengths] = x.shape;
  const places = grid.shape.slice(1, -1);
  const count = sizeOf(places);
  const area = sizeOf(lengths);
  const strides = stridesOf(lengths);
  const axes = lengths.length;
  const y = float64([batch, channels, ...places]);
  for (let n = 0; n < batch; n++) {
    for (let place = 0; place < count; place++) {
      const taps = lengths.map((length, axis) => {
        const coordinate = grid.data[(n * count + place) * axes + (axes - 1 - axis)];
        return tapsOf(context.attributes, coordinate, length);
      });
      const positions = gridPositions(taps.map(({ indices }, axis) => indices.map((index) => index * strides[axis])));
      const weights = productOf(taps.map((ofAxis) => ofAxis.weights));
      for (let c = 0; c < channels; c++) {
        const plane = (n * channels + c) * area;
        let sum = 0;
        for (const [i, position] of positions.entries()) {
          if (!Number.isNaN(position)) sum += weights[i] * x.data[plane + position];
        }
        y.data[(n * channels + c) * count + place] = sum;
      }
    }
  }
  return [y];
}

function productOf(weights: readonly (readonly number[])[]): number[] {
  return weights.reduce<number[]>((all, own) => all.flatMap((a) => own.map((b) => a * b)), [1]);
}

/**
 * The elements of an axis that a coordinate reads. Elements outside are moved in, the coordinate itself is not: for mode
 * `cubic` that makes a difference at the border, and it is what onnxruntime and PyTorch do.
 */
function tapsOf({ alignCorners, mode, paddingMode }: Attributes, coordinate: number, length: number): Taps {
  const centres = alignCorners === 1;
  const exact = centres ? ((coordinate + 1) / 2) * (length - 1) : ((coordinate + 1) * length - 1) / 2;
  const [low, high] = centres ? [0, length - 1] : [-0.5, length - 0.5];
  const x = mode === 'nearest' ? roundHalfToEven(exact) : exact;
  const indices = neighbours(mode, x);
  return {
    indices: indices.map((index) => {
      if (index >= 0 && index < length) return index;
      return sourceOutside(paddingMode, index, low, high);
    }),
    weights: indices.map((index) => weightOf(mode, index - x)),
  };
}

/** The element that stands for one outside the axis; NaN for none. */
function sourceOutside(paddingMode: string, index: number, low: number, high: number): number {
  switch (paddingMode) {
    case 'zeros':
      return Number.NaN;
    case 'border':
      return Math.min(Math.max(index, Math.ceil(low)), Math.floor(high));
    case 'reflection':
      return reflected(index, low, high);
    default:
      throw new Error(`GridSample has no paddingMode '${paddingMode}': use zeros, border or reflection`);
  }
}

function neighbours(mode: string, x: number): number[] {
  const floor = Math.floor(x);
  switch (mode) {
    case 'nearest':
      return [x];
    case 'linear':
      return [floor, floor + 1];
    case 'cubic':
      return [floor - 1, floor, floor + 1, floor + 2];
    default:
      throw new Error(`GridSample has no mode '${mode}': use linear, nearest or cubic`);
  }
}

function weightOf(mode: string, distance: number): number {
  if (mode === 'nearest') return 1;
  return mode === 'linear' ? 1 - Math.abs(distance) : cubicWeight(distance, -0.75);
}

/** `place` mirrored at `low` and `high` until it lies between them. */
function reflected(place: number, low: number, high: number): number {
  const range = high - low;
  if (range === 0) return low;
  const phase = (((place - low) % (2 * range)) + 2 * range) % (2 * range);
  return low + (phase <= range ? phase : 2 * range - phase);
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const fraction = x - floor;
  return fraction > 0.5 || (fraction === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
