import { normalizeAxis, sizeOf } from '../../../src/graph/tensor/shape.ts';
import { int64Vector, type Tensor } from '../../../src/graph/tensor/tensor.ts';
import { gather, gatherElements, scatterElements } from './gather.ts';
import { type Elements, float64, fromIntegers, given, numbers, optionalNumbers, zerosOf } from './operands.ts';
import { pad } from './pad.ts';
import {
  broadcastLengths,
  broadcastTo,
  gridPositions,
  offsetsOf,
  permute,
  shapeOffsets,
  take,
  withShape,
} from './positions.ts';
import type { ReferenceContext, ReferenceRules } from './rule.ts';
import { slice } from './slice.ts';

function concat(context: ReferenceContext<'Concat'>): Tensor[] {
  const parts = context.inputs.map((_, index) => given(context, index));
  const axis = normalizeAxis(context.attributes.axis, parts[0].shape.length);
  const total = parts.reduce((length, part) => length + part.shape[axis], 0);
  const result = zerosOf(parts[0].type, parts[0].shape.with(axis, total));
  const to: Elements = result.data;
  const offsets = shapeOffsets(result.shape);
  let from = 0;
  for (const part of parts) {
    const end = from + part.shape[axis];
    const places = gridPositions(offsets.with(axis, offsets[axis].slice(from, end)));
    for (const [index, place] of places.entries()) to[place] = part.data[index];
    from = end;
  }
  return [result];
}

/** Equal parts, or the lengths that the second input gives, or `numOutputs` parts of which the last may be shorter. */
function split(context: ReferenceContext<'Split'>): Tensor[] {
  const x = given(context, 0);
  const axis = normalizeAxis(context.attributes.axis, x.shape.length);
  const offsets = shapeOffsets(x.shape);
  const part = Math.ceil(x.shape[axis] / context.outputCount);
  const lengths = optionalNumbers(context, 1) ?? new Array<number>(context.outputCount).fill(part);
  let start = 0;
  return lengths.map((length) => {
    const own = offsets[axis].slice(start, start + length);
    start += length;
    return take(x, x.shape.with(axis, own.length), gridPositions(offsets.with(axis, own)));
  });
}

/** `start, start + delta, ...` up to, not including, `limit`. */
function range(context: ReferenceContext<'Range'>): Tensor[] {
  const [[start], [limit], [delta]] = [numbers(context, 0), numbers(context, 1), numbers(context, 2)];
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  const values = offsetsOf(length, delta, start);
  const { type } = given(context, 0);
  if (type === 'float64') return [float64([length], Float64Array.from(values))];
  return [fromIntegers(type, [length], values.map(BigInt))];
}

/** 0 stands for the input's own length (unless `allowzero`), -1 for whatever is left. */
function reshape(context: ReferenceContext<'Reshape'>): Tensor[] {
  const x = given(context, 0);
  const wanted = numbers(context, 1);
  const own = context.attributes.allowzero === 1 ? wanted : wanted.map((n, axis) => (n === 0 ? x.shape[axis] : n));
  const known = sizeOf(own.filter((length) => length !== -1));
  return [
    withShape(
      x,
      own.map((length) => (length === -1 ? x.data.length / known : length)),
    ),
  ];
}

function flatten(context: ReferenceContext<'Flatten'>): Tensor[] {
  const x = given(context, 0);
  const { axis } = context.attributes;
  const cut = axis < 0 ? axis + x.shape.length : axis;
  return [withShape(x, [sizeOf(x.shape.slice(0, cut)), sizeOf(x.shape.slice(cut))])];
}

function squeeze(context: ReferenceContext<'Squeeze'>): Tensor[] {
  const x = given(context, 0);
  const named = optionalNumbers(context, 1)?.map((axis) => normalizeAxis(axis, x.shape.length));
  return [
    withShape(
      x,
      x.shape.filter((length, axis) => (named ? !named.includes(axis) : length !== 1)),
    ),
  ];
}

function unsqueeze(context: ReferenceContext<'Unsqueeze'>): Tensor[] {
  const x = given(context, 0);
  const axes = numbers(context, 1);
  const rank = x.shape.length + axes.length;
  const added = new Set(axes.map((axis) => normalizeAxis(axis, rank)));
  const old = x.shape.values();
  return [
    withShape(
      x,
      Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : old.next().value!)),
    ),
  ];
}

function tile(context: ReferenceContext<'Tile'>): Tensor[] {
  const x = given(context, 0);
  const repeats = numbers(context, 1);
  const offsets = shapeOffsets(x.shape).map((own, axis) => new Array<number[]>(repeats[axis]).fill(own).flat());
  return [
    take(
      x,
      x.shape.map((length, axis) => length * repeats[axis]),
      gridPositions(offsets),
    ),
  ];
}

function transpose(context: ReferenceContext<'Transpose'>): Tensor[] {
  const x = given(context, 0);
  return [permute(x, context.attributes.perm ?? [...x.shape.keys()].reverse())];
}

/** Movement operators as ONNX defines them, for every element type. */
export const movement = {
  Concat: concat,
  ConstantOfShape: (context) => {
    const made = float64(numbers(context, 0));
    return [{ ...made, data: made.data.fill(context.attributes.value) }];
  },
  Expand: (context) => {
    const x = given(context, 0);
    return [broadcastTo(x, broadcastLengths(x.shape, numbers(context, 1)))];
  },
  Flatten: flatten,
  Gather: gather,
  GatherElements: gatherElements,
  Pad: pad,
  Range: range,
  Reshape: reshape,
  ScatterElements: scatterElements,
  Shape: (context) => {
    const { start, end } = context.attributes;
    return [int64Vector(given(context, 0).shape.slice(start, end))];
  },
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
} satisfies Partial<ReferenceRules>;
