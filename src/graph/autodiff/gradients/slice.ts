import type { Value } from '../../builder/graph.ts';
import { lengthOf, pad, reshape, slice, unsqueeze } from '../../builder/operations.ts';
import type { OperatorInputs } from '../../builder/operator-inputs.ts';
import { type SliceRange, sliceRange } from '../../shape-inference/slice.ts';
import { normalizeAxis, staticShape } from '../../tensor/shape.ts';
import { constantNumbers, optionalConstantNumbers } from '../constant-input.ts';
import type { GradientTable } from '../gradient-rule.ts';

interface AxisRange extends SliceRange {
  readonly axis: number;
  /** Length of the axis that was sliced. */
  readonly from: number;
}

/** What a Slice took of each axis it sliced, going forward: `start` is the smallest index taken. */
function forwardRanges([X, ...given]: OperatorInputs<'Slice'>) {
  const starts = constantNumbers(given[0], 'starts');
  const ends = constantNumbers(given[1], 'ends');
  const axes = optionalConstantNumbers(given[2], 'axes') ?? [...starts.keys()];
  const steps = optionalConstantNumbers(given[3], 'steps') ?? starts.map(() => 1);
  return axes.map((each, place) => {
    const axis = normalizeAxis(each, X.shape.length);
    const from = lengthOf(X, axis);
    const { start, step, length } = sliceRange(from, starts[place], ends[place], steps[place]);
    const reversed = step < 0;
    return {
      axis,
      from,
      length,
      reversed,
      step: Math.abs(step),
      start: reversed ? start + (length - 1) * step : start,
    };
  });
}

/** Puts `step - 1` zeros behind each element of an axis. */
function spread(x: Value, { axis, step }: AxisRange): Value {
  if (step === 1) return x;
  const shape = [...staticShape(x.shape, 'the gradient of a slice with steps')];
  const rank = shape.length + 1;
  const behind = Array.from({ length: 2 * rank }, (_, place) => (place === rank + axis + 1 ? step - 1 : 0));
  shape[axis] *= step;
  return reshape(pad(unsqueeze(x, [axis + 1]), behind), shape);
}

/** Slice, and nothing else: the gradient is spread out to where the elements came from, zeros between and around. */
export const sliceGradients = {
  Slice: ({ inputs, dY }) => [
    () => {
      const [X] = inputs;
      const ranges = forwardRanges(inputs);
      const backwards = ranges.filter(({ reversed }) => reversed);
      const forward =
        backwards.length === 0
          ? dY
          : slice(
              dY,
              backwards.map(({ axis }) => ({ axis, start: -1, end: beforeAll, step: -1 })),
            );
      const dilated = ranges.reduce(spread, forward);
      const pads = new Array<number>(2 * X.shape.length).fill(0);
      for (const { axis, start, from, length, step } of ranges) {
        pads[axis] = start;
        pads[X.shape.length + axis] = from - start - length * step;
      }
      return pad(dilated, pads);
    },
    undefined,
    undefined,
    undefined,
    undefined,
  ],
} satisfies Partial<GradientTable>;

/** An end before the first element of any axis, for a slice that goes backward. */
const beforeAll = -(2 ** 31 - 1);
