import { geluFactors, geluForm } from '../builder/gelu-form.ts';
import type { Value } from '../builder/graph.ts';
import { add, div, erf, exp, mul, neg, sub, tanh } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import type { OperatorAttributes } from '../operators/operator.ts';

/** What is between x and the Gelu of it. */
interface Parts {
  readonly inner: Value;
  readonly share: Value;
}

/** `x (1 + erf(x / sqrt(2))) 0.5`, or by tanh; see `geluForm`. */
export function gelu(x: Value, { approximate }: OperatorAttributes<'FusedGelu'>): Value {
  return mul(mul(x, partsOf(x, approximate).share), 0.5);
}

/**
 * Gradient of Gelu: with `u` what erf or tanh is of, `s` one more than that, and `e` its derivative,
 *
 *     dX = dY 0.5 s + dY 0.5 X e(u) du/dX.
 *
 * @param readsForward `u` and `s` are those of Y's own nodes, where it is written down as the nodes of the formula.
 */
export function geluGradient(
  [dY, X, Y]: OperatorInputs<'GeluGradient'>,
  { approximate }: OperatorAttributes<'GeluGradient'>,
  readsForward: boolean,
): Value {
  const form = readsForward ? geluForm(Y) : undefined;
  const known = form?.x === X && form.approximate === approximate ? form : undefined;
  const { inner, share } = known ?? partsOf(X, approximate);
  const halved = mul(dY, 0.5);
  const along = mul(halved, X);
  if (approximate !== 'tanh') {
    const slope = mul(exp(neg(mul(inner, inner))), 2 / Math.sqrt(Math.PI));
    return add(mul(halved, share), div(mul(along, slope), Math.SQRT2));
  }
  const bell = tanh(inner);
  const bent = add(mul(mul(X, X), 3 * geluFactors.cube * geluFactors.outer), geluFactors.outer);
  return add(mul(halved, share), mul(mul(along, sub(1, mul(bell, bell))), bent));
}

function partsOf(x: Value, approximate: string): Parts {
  if (approximate !== 'tanh') {
    const inner = div(x, Math.SQRT2);
    return { inner, share: add(erf(inner), 1) };
  }
  const cube = mul(mul(x, x), x);
  const inner = mul(add(x, mul(cube, geluFactors.cube)), geluFactors.outer);
  return { inner, share: add(tanh(inner), 1) };
}
