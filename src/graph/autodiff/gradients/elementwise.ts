import type { Value } from '../../builder/graph.ts';
import {
  add,
  cast,
  div,
  equal,
  greater,
  indicator,
  log,
  min,
  mul,
  neg,
  pow,
  sub,
  where,
} from '../../builder/operations.ts';
import { constantOf } from '../../builder/value.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import { type Gradient, type GradientContext, type GradientTable, notFloating } from '../gradient-rule.ts';
import { once } from '../once.ts';

/** Max and Min: the gradient goes to the operands that equal the result, in equal shares if there are several. */
function shared({ inputs, outputs: [Y], dY }: Pick<GradientContext<'Max'>, 'inputs' | 'outputs' | 'dY'>): Gradient[] {
  if (inputs.length === 1) return [() => dY];
  const chosen = (X: Value) => indicator(equal(X, Y), dY);
  const share = once(() =>
    div(
      dY,
      inputs.map(chosen).reduce((sum, mask) => add(sum, mask)),
    ),
  );
  return inputs.map((X) => () => mul(share(), chosen(X)));
}

/** d X^Y / d X = Y X^(Y - 1), which is 0 for Y = 0 even at X = 0. */
function powerByBase(X: Value, Y: Value): Value | number {
  const constant = constantOf(Y);
  const exponents = constant && toNumbers(constant);
  const [first] = exponents ?? [];
  if (exponents?.every((exponent) => exponent === first)) {
    if (first === 0) return 0;
    return first === 2 ? mul(X, 2) : mul(pow(X, first - 1), first);
  }
  const exponent = cast(Y, X.type);
  return where(equal(exponent, 0), 0, mul(exponent, pow(X, sub(exponent, 1))));
}

/**
 * Element-wise operators of several inputs. A rule writes the gradient in the shape of the output; the walk sums it back to
 * inputs that were broadcast.
 *
 * At ties Max and Min give equal shares. PRelu has gradient `slope` at X = 0. Pow has gradient 0 by an exponent over base 0,
 * and NaN by an exponent over a negative base.
 */
export const elementwiseGradients = {
  Add: ({ dY }) => [() => dY, () => dY],
  And: notFloating,
  Div: ({ inputs: [, B], outputs: [C], dY }) => [() => div(dY, B), () => neg(mul(dY, div(C, B)))],
  Equal: notFloating,
  Greater: notFloating,
  GreaterOrEqual: notFloating,
  Less: notFloating,
  LessOrEqual: notFloating,
  Max: shared,
  Min: shared,
  Mul: ({ inputs: [A, B], dY }) => [() => mul(dY, B), () => mul(dY, A)],
  Or: notFloating,
  Pow: ({ inputs: [X, Y], outputs: [Z], dY }) => [
    () => mul(dY, powerByBase(X, Y)),
    () => mul(dY, where(equal(X, 0), 0, mul(Z, log(X)))),
  ],
  PRelu: ({ inputs: [X, slope], dY }) => [() => where(greater(X, 0), dY, mul(dY, slope)), () => mul(dY, min(X, 0))],
  Sub: ({ dY }) => [() => dY, () => neg(dY)],
  Sum: ({ inputs, dY }) => inputs.map(() => () => dY),
  /** Where and not a product with a mask: what was not chosen may be infinite. */
  Where: ({ inputs: [condition], dY }) => [undefined, () => where(condition, dY, 0), () => where(condition, 0, dY)],
} satisfies Partial<GradientTable>;
