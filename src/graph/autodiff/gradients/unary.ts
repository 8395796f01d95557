import type { Value } from '../../builder/graph.ts';
import {
  abs,
  add,
  cast,
  clip,
  div,
  exp,
  greater,
  indicator,
  less,
  mul,
  neg,
  sigmoid,
  sign,
  sub,
  where,
} from '../../builder/operations.ts';
import { byUnfolding, type GradientTable, notFloating } from '../gradient-rule.ts';

const reluGradient = (dY: Value, Y: Value): Value => dY.graph.apply('ReluGradient', [dY, Y], {})[0];

const clipGradient = (dY: Value, X: Value, Y: Value): Value => dY.graph.apply('ClipGradient', [dY, X, Y], {})[0];

const geluGradient = (dY: Value, X: Value, Y: Value, approximate: string): Value =>
  dY.graph.apply('GeluGradient', [dY, X, Y], { approximate })[0];

const square = (x: Value): Value => mul(x, x);

/**
 * Element-wise operators of one input.
 *
 * At a kink: Abs has gradient 0 at 0; Relu 0 at 0; LeakyRelu `alpha` at 0; Elu 1 at 0; HardSigmoid 0 at both ends; HardSwish
 * 0 at -3 and 1 at 3 (its ends belong to the flat and to the straight piece). Clip passes the gradient where
 * min <= X <= max. Sqrt has gradient infinity at 0, Log and Reciprocal as well: whoever may get there adds an epsilon.
 */
export const unaryGradients = {
  Abs: ({ inputs: [X], dY }) => [() => mul(dY, sign(X))],
  Cast: ({ inputs: [X], dY }) => [() => cast(dY, X.type)],
  Ceil: () => [undefined],
  /** The bounds get the gradients of the elements they replaced. */
  Clip: ({ inputs: [X, low, high], outputs: [Y], dY }) => [
    () => clipGradient(dY, X, Y),
    low && (() => mul(dY, indicator(less(X, low), dY))),
    high && (() => mul(dY, indicator(greater(X, high), dY))),
  ],
  ClipGradient: ({ inputs: [, X, Y], dY }) => [() => clipGradient(dY, X, Y), undefined, undefined],
  Elu: ({ inputs: [X], outputs: [Y], attributes: { alpha }, dY }) => [
    () => where(less(X, 0), mul(dY, add(Y, alpha)), dY),
  ],
  Erf: ({ inputs: [X], dY }) => [() => mul(dY, mul(exp(neg(square(X))), 2 / Math.sqrt(Math.PI)))],
  Exp: ({ outputs: [Y], dY }) => [() => mul(dY, Y)],
  Floor: () => [undefined],
  FusedGelu: ({ inputs: [X], outputs: [Y], attributes, dY }) => [() => geluGradient(dY, X, Y, attributes.approximate)],
  GeluGradient: byUnfolding,
  HardSigmoid: ({ outputs: [Y], attributes: { alpha }, dY }) => [
    () => mul(dY, mul(indicator(greater(mul(Y, sub(1, Y)), 0), dY), alpha)),
  ],
  /** Y = X h with h = clip(X / 6 + 1 / 2, 0, 1), so Y' = h + X / 6 inside and h outside. */
  HardSwish: ({ inputs: [X], dY }) => [
    () => {
      const inside = indicator(less(abs(X), 3), dY);
      return mul(dY, add(clip(add(div(X, 6), 0.5), 0, 1), mul(inside, div(X, 6))));
    },
  ],
  Identity: ({ dY }) => [() => dY],
  LeakyRelu: ({ inputs: [X], attributes: { alpha }, dY }) => [
    () => mul(dY, add(mul(indicator(greater(X, 0), dY), 1 - alpha), alpha)),
  ],
  Log: ({ inputs: [X], dY }) => [() => div(dY, X)],
  Neg: ({ dY }) => [() => neg(dY)],
  Not: notFloating,
  Reciprocal: ({ outputs: [Y], dY }) => [() => neg(mul(dY, square(Y)))],
  /** By Y rather than X, so that nothing but Y has to be kept. */
  Relu: ({ outputs: [Y], dY }) => [() => reluGradient(dY, Y)],
  ReluGradient: ({ inputs: [, Y], dY }) => [() => reluGradient(dY, Y), undefined],
  Sigmoid: ({ outputs: [Y], dY }) => [() => mul(dY, mul(Y, sub(1, Y)))],
  Sign: () => [undefined],
  Softplus: ({ inputs: [X], dY }) => [() => mul(dY, sigmoid(X))],
  Sqrt: ({ outputs: [Y], dY }) => [() => div(dY, mul(Y, 2))],
  Tanh: ({ outputs: [Y], dY }) => [() => mul(dY, sub(1, square(Y)))],
} satisfies Partial<GradientTable>;
