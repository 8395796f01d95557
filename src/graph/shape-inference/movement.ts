import { GraphError } from '../../foundation/errors/graph-error.ts';
import { broadcastShapes } from '../tensor/broadcast.ts';
import { formatShape, type Shape } from '../tensor/shape.ts';
import { constantIntegers, constantShape, optionalConstantIntegers } from './constant-input.ts';
import { addLengths, existingAxis, expectSameLength, multiplyLengths, normalizeAxes, withLength } from './lengths.ts';
import { expectOneOf, expectRank, expectSameType, inputName, operand, operands, optionalOperand } from './operand.ts';
import type { ShapeRules } from './rule.ts';

/** Elements added at both ends of one axis; negative ones are taken away. */
export interface AxisPads {
  readonly begin: number;
  readonly end: number;
}

/**
 * What ONNX's Pad adds to each of `rank` axes. `pads` has a beginning for each axis, then an end for each; `axes` says
 * which axes those are, all of them if left out.
 */
export function padsOfAxes(rank: number, pads: readonly number[], axes?: readonly number[]): AxisPads[] {
  const padded = axes === undefined ? Array.from({ length: rank }, (_, axis) => axis) : normalizeAxes(axes, rank);
  if (pads.length !== 2 * padded.length) {
    throw new GraphError(
      `pads [${pads.join(', ')}] must have ${2 * padded.length} elements, two for each of ${padded.length} axes`,
    );
  }
  return Array.from({ length: rank }, (_, axis) => {
    const place = padded.indexOf(axis);
    return place < 0 ? { begin: 0, end: 0 } : { begin: pads[place], end: pads[place + padded.length] };
  });
}

/**
 * @throws if more is cut off an axis than it has, or the mode does not find the elements it repeats: `edge` needs one, and
 * `reflect`, which does not repeat the first and the last, can add one less than there are.
 */
function expectRoomToPad(shape: Shape, axis: number, { begin, end }: AxisPads, mode: string): void {
  const length = shape[axis];
  if (typeof length === 'string') return;
  const left = length + Math.min(begin, 0) + Math.min(end, 0);
  const enough = { constant: length + begin + end >= 0, edge: left > 0, reflect: Math.max(begin, end) < left };
  const untouched = begin === 0 && end === 0;
  if (untouched || enough[mode as keyof typeof enough]) return;
  throw new GraphError(
    `axis ${axis} of ${formatShape(shape)} cannot be padded by ${begin} and ${end} in mode ${mode}: it has too few elements`,
  );
}

/**
 * Lengths of the `count` pieces of an axis that ONNX's Split cuts without being told the lengths: equal ones, or a
 * shorter last one.
 *
 * @throws if there are not enough elements for that.
 */
export function equalSplit(length: number, count: number): number[] {
  const piece = Math.ceil(length / count);
  const last = length - piece * (count - 1);
  if (last < 0 || (last === 0 && length > 0)) {
    throw new GraphError(
      `an axis of length ${length} cannot be split into ${count} pieces of ${piece}: give the lengths`,
    );
  }
  return [...new Array<number>(count - 1).fill(piece), last];
}

/** Operators that put elements elsewhere: joined, repeated, padded, reordered. */
export const movementRules = {
  Concat: (context) => {
    const inputs = operands(context);
    const [first, ...rest] = inputs;
    const axis = existingAxis(context.attributes.axis, first.shape.length);
    for (const [place, { shape }] of rest.entries()) {
      const names = [inputName(context, 0), inputName(context, place + 1)] as const;
      if (shape.length !== first.shape.length) {
        throw new GraphError(
          `${names[0]} ${formatShape(first.shape)} and ${names[1]} ${formatShape(shape)} must have equally many axes`,
        );
      }
      for (const other of shape.keys()) {
        if (other !== axis) expectSameLength(first.shape, other, names[0], shape, other, names[1]);
      }
    }
    const joined = addLengths(
      inputs.map((input) => input.shape[axis]),
      `axis ${axis}, joined from ${inputs.map((input) => formatShape(input.shape)).join(', ')},`,
    );
    return [{ type: first.type, shape: withLength(first.shape, axis, joined) }];
  },
  /** The output may have more axes and longer ones than `shape` asks for: both are broadcast together. */
  Expand: (context) => {
    const { type, shape } = operand(context, 0);
    return [{ type, shape: broadcastShapes(shape, constantShape(context, 1)) }];
  },
  Pad: (context) => {
    const { type, shape } = operand(context, 0);
    const pads = padsOfAxes(shape.length, constantIntegers(context, 1), optionalConstantIntegers(context, 3));
    optionalOperand(context, 2);
    expectSameType(context, 0, 2);
    expectRank(context, 2, 0);
    const { mode } = context.attributes;
    expectOneOf('mode', mode, ['constant', 'edge', 'reflect']);
    const padded = shape.map((length, axis) => {
      expectRoomToPad(shape, axis, pads[axis], mode);
      return addLengths([length, pads[axis].begin, pads[axis].end], `axis ${axis} of ${formatShape(shape)}, padded,`);
    });
    return [{ type, shape: padded }];
  },
  Split: (context) => {
    const { type, shape } = operand(context, 0);
    const axis = existingAxis(context.attributes.axis, shape.length);
    const given = optionalConstantIntegers(context, 1);
    const { numOutputs } = context.attributes;
    if ((given === undefined) === (numOutputs === undefined)) {
      throw new GraphError("Split takes either the input 'split' or the attribute numOutputs, one of them");
    }
    const count = given?.length ?? numOutputs ?? 0;
    if (count !== context.outputCount) {
      throw new GraphError(`Split is told of ${count} pieces, but has ${context.outputCount} outputs`);
    }
    const length = shape[axis];
    if (typeof length === 'string') {
      if (given === undefined && count === 1) return [{ type, shape }];
      throw new GraphError(`axis ${axis} of ${formatShape(shape)} has no known length, so it cannot be split`);
    }
    const pieces = given ?? equalSplit(length, count);
    if (pieces.some((piece) => piece < 0) || pieces.reduce((sum, piece) => sum + piece, 0) !== length) {
      throw new GraphError(`pieces [${pieces.join(', ')}] do not add up to axis ${axis} of ${formatShape(shape)}`);
    }
    return pieces.map((piece) => ({ type, shape: withLength(shape, axis, piece) }));
  },
  Tile: (context) => {
    const { type, shape } = operand(context, 0);
    const repeats = constantIntegers(context, 1);
    if (repeats.length !== shape.length || repeats.some((count) => count < 0)) {
      throw new GraphError(
        `repeats [${repeats.join(', ')}] must have one count, 0 or more, for each axis of ${formatShape(shape)}`,
      );
    }
    const tiled = shape.map((length, axis) => multiplyLengths([length, repeats[axis]]));
    return [{ type, shape: tiled }];
  },
  /** Without `perm` the axes are reversed. */
  Transpose: (context) => {
    const { type, shape } = operand(context, 0);
    const perm = context.attributes.perm ?? [...shape.keys()].reverse();
    const isPermutation = perm.length === shape.length && shape.every((_, axis) => perm.includes(axis));
    if (!isPermutation) {
      throw new GraphError(
        `perm [${perm.join(', ')}] is no permutation of the ${shape.length} axes of ${formatShape(shape)}`,
      );
    }
    return [{ type, shape: perm.map((axis) => shape[axis]) }];
  },
} satisfies Partial<ShapeRules>;
