import type { Value } from '../../builder/graph.ts';
import { expandLike, filledLike } from '../../builder/match-shape.ts';
import { div, equal, exp, indicator, lengthOf, mul, reduceSum, sub, unsqueeze } from '../../builder/operations.ts';
import { reducedAxes } from '../../shape-inference/reduce.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import { optionalConstantNumbers } from '../constant-input.ts';
import { byUnfolding, type Gradient, type GradientContext, type GradientTable, notFloating } from '../gradient-rule.ts';

type ReductionContext = Pick<GradientContext<'ReduceSum'>, 'inputs' | 'outputs' | 'attributes' | 'dY'>;

/** A reduction's output and its gradient as they broadcast to X: with the reduced axes put back at length 1, or a scalar. */
function keptAxes({ inputs: [X, given], outputs, attributes, dY }: ReductionContext) {
  const axes = reducedAxes(X.shape.length, optionalConstantNumbers(given, 'axes'), attributes.noopWithEmptyAxes);
  const broadcasts = attributes.keepdims === 1 || axes.length === 0 || axes.length === X.shape.length;
  const keep = (x: Value) => (broadcasts ? x : unsqueeze(x, axes));
  return { X, axes, Y: () => keep(outputs[0]), dY: () => keep(dY) };
}

/** ReduceMax and ReduceMin: the gradient goes to the elements that equal the result, in equal shares. */
function extreme(context: ReductionContext): Gradient[] {
  const { X, axes, Y, dY } = keptAxes(context);
  return [
    () => {
      const chosen = indicator(equal(X, Y()), X);
      return mul(chosen, div(dY(), axes.length === 0 ? chosen : reduceSum(chosen, axes, true)));
    },
  ];
}

/** Sum along an axis that keeps the axis. */
const sumAlong = (x: Value, axis: number) => reduceSum(x, [normalizeAxis(axis, x.shape.length)], true);

/** Reductions, and what else works along an axis. At ties ReduceMax and ReduceMin give equal shares. */
export const reduceGradients = {
  ArgMax: notFloating,
  LogSoftmax: ({ outputs: [Y], attributes: { axis }, dY }) => [() => sub(dY, mul(exp(Y), sumAlong(dY, axis)))],
  ReduceLogSumExp: (context) => {
    const { X, Y, dY } = keptAxes(context);
    return [() => mul(dY(), exp(sub(X, Y())))];
  },
  ReduceMax: extreme,
  ReduceMean: (context) => {
    const { X, axes, dY } = keptAxes(context);
    const count = () => axes.reduce((product, axis) => product * lengthOf(X, axis), 1);
    return [() => expandLike(div(dY(), count()), X)];
  },
  ReduceMin: extreme,
  ReduceSum: (context) => {
    const { X, dY } = keptAxes(context);
    return [() => expandLike(dY(), X)];
  },
  Softmax: ({ outputs: [Y], attributes, dY }) => [() => Y.graph.apply('SoftmaxGradient', [dY, Y], attributes)[0]],
  SoftmaxGradient: byUnfolding,
  TopK: ({ inputs: [X], outputs: [, indices], attributes: { axis }, dY }) => [
    () => X.graph.apply('ScatterElements', [filledLike(X, 0), indices, dY], { axis })[0],
    undefined,
  ],
} satisfies Partial<GradientTable>;
