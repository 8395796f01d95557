import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type Dimension, formatShape } from '../tensor/shape.ts';
import { constantIntegers, optionalConstantIntegers } from './constant-input.ts';
import { normalizeAxes } from './lengths.ts';
import { expectSameType, indexTypes, operand } from './operand.ts';
import type { ShapeRules } from './rule.ts';

/** Elements of one axis: `length` of them from `start` on, `step` apart. */
export interface SliceRange {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** From here on an `end` means "to the end", whatever the length: the largest int32. */
const beyondEveryAxis = 2 ** 31 - 1;

/**
 * The elements ONNX's Slice takes of an axis of `length` elements. Negative `start` and `end` count from the end; both are
 * then clamped to the axis: 0 to length going forward, for `start` 0 to length - 1 and for `end` -1 to length - 1 going
 * backward.
 */
export function sliceRange(length: number, start: number, end: number, step: number): SliceRange {
  if (step === 0) throw new GraphError('a slice cannot have step 0');
  const clamp = (place: number, low: number, high: number) =>
    Math.min(Math.max(place < 0 ? place + length : place, low), high);
  const forward = step > 0;
  const first = forward ? clamp(start, 0, length) : clamp(start, 0, length - 1);
  const last = forward ? clamp(end, 0, length) : clamp(end, -1, length - 1);
  return { start: first, step, length: Math.max(0, Math.ceil((last - first) / step)) };
}

/** True if the slice is the whole axis, however long it is, in order or reversed. */
function isWhole(start: number, end: number, step: number): boolean {
  return (
    (step === 1 && start === 0 && end >= beyondEveryAxis) || (step === -1 && start === -1 && end <= -beyondEveryAxis)
  );
}

/** Slice, and nothing else. */
export const sliceRules = {
  /** A named length stays if the whole axis is taken. */
  Slice: (context) => {
    const { type, shape } = operand(context, 0);
    const starts = constantIntegers(context, 1, indexTypes);
    const ends = constantIntegers(context, 2, indexTypes);
    const axes = normalizeAxes(optionalConstantIntegers(context, 3, indexTypes) ?? [...starts.keys()], shape.length);
    const steps = optionalConstantIntegers(context, 4, indexTypes) ?? starts.map(() => 1);
    for (const index of [2, 3, 4]) expectSameType(context, 1, index);
    if (ends.length !== starts.length || axes.length !== starts.length || steps.length !== starts.length) {
      throw new GraphError(
        `starts, ends, axes and steps must be equally many, got ${starts.length}, ${ends.length}, ${axes.length} and ` +
          `${steps.length}`,
      );
    }
    const result: Dimension[] = [...shape];
    for (const [place, axis] of axes.entries()) {
      const length = shape[axis];
      const [start, end, step] = [starts[place], ends[place], steps[place]];
      if (typeof length === 'number') result[axis] = sliceRange(length, start, end, step).length;
      else if (!isWhole(start, end, step)) {
        throw new GraphError(
          `axis ${axis} of ${formatShape(shape)} has no known length, so what the slice from ${start} to ${end} in steps ` +
            `of ${step} leaves of it is not known either`,
        );
      }
    }
    return [{ type, shape: result }];
  },
} satisfies Partial<ShapeRules>;
