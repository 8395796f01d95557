import { GraphError } from '../../../foundation/errors/graph-error.ts';
import { filledLike, reshapeLike } from '../../builder/match-shape.ts';
import { concat, lengthOf, pad, reduceSum, reshape, slice, sub, transpose } from '../../builder/operations.ts';
import { padsOfAxes } from '../../shape-inference/movement.ts';
import { normalizeAxis, staticShape } from '../../tensor/shape.ts';
import { constantNumbers, optionalConstantNumbers } from '../constant-input.ts';
import { type GradientTable, notFloating } from '../gradient-rule.ts';
import { once } from '../once.ts';

/** Operators that put elements elsewhere, repeat them or change the axes: the gradient goes back the same way. */
export const movementGradients = {
  Concat: ({ inputs, attributes, dY }) => {
    const axis = normalizeAxis(attributes.axis, dY.shape.length);
    const ends = inputs.map((_, place) => inputs.slice(0, place + 1).reduce((sum, X) => sum + lengthOf(X, axis), 0));
    return inputs.map((_, place) => () => slice(dY, [{ axis, start: ends[place - 1] ?? 0, end: ends[place] }]));
  },
  ConstantOfShape: { reason: 'it has no floating-point input' },
  /** The walk sums the gradient back as over any broadcast. */
  Expand: ({ dY }) => [() => dY, undefined],
  Flatten: ({ inputs: [X], dY }) => [() => reshapeLike(dY, X)],
  /** Padding by the opposite of what was padded. What was filled in gets what the elements of `data` did not get. */
  Pad: ({ inputs: [data, pads, fill, axes], attributes: { mode }, dY }) => {
    if (mode !== 'constant') throw new GraphError(`only mode constant has a gradient rule, this is mode ${mode}`);
    const around = padsOfAxes(data.shape.length, constantNumbers(pads, 'pads'), optionalConstantNumbers(axes, 'axes'));
    const opposite = [...around.map(({ begin }) => -begin), ...around.map(({ end }) => -end)];
    const dData = once(() => pad(dY, opposite));
    return [dData, undefined, fill && (() => sub(reduceSum(dY), reduceSum(dData()))), undefined];
  },
  Range: { reason: 'its number of elements depends on its inputs' },
  Reshape: ({ inputs: [X], dY }) => [() => reshapeLike(dY, X), undefined],
  Shape: notFloating,
  Split: ({ outputs, gradients, attributes: { axis } }) => [
    () =>
      concat(
        outputs.map((Y, place) => gradients[place] ?? filledLike(Y, 0)),
        axis,
      ),
    undefined,
  ],
  Squeeze: ({ inputs: [X], dY }) => [() => reshapeLike(dY, X), undefined],
  /** Each axis of the gradient is split into repetitions and elements, and the repetitions are summed. */
  Tile: ({ inputs: [X, repeats], dY }) => [
    () => {
      const counts = constantNumbers(repeats, 'repeats');
      const lengths = staticShape(X.shape, 'the gradient of Tile');
      const split = reshape(
        dY,
        counts.flatMap((count, axis) => [count, lengths[axis]]),
      );
      return reduceSum(
        split,
        counts.map((_, axis) => 2 * axis),
      );
    },
    undefined,
  ],
  Transpose: ({ inputs: [X], attributes: { perm }, dY }) => [
    () => {
      const taken = perm ?? [...X.shape.keys()].reverse();
      return transpose(
        dY,
        taken.map((_, axis) => taken.indexOf(axis)),
      );
    },
  ],
  Unsqueeze: ({ inputs: [X], dY }) => [() => reshapeLike(dY, X), undefined],
} satisfies Partial<GradientTable>;
