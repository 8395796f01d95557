import type { OperatorAttributes, OperatorName } from '../../../src/graph/operators/operator.ts';
import { type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { combineFloats, combineNumeric, compare, mapFloats, mapNumeric } from './by-element.ts';
import { castTo, toFloats } from './cast.ts';
import { errorFunction } from './error-function.ts';
import { type Elements, floats, given, larger, smaller, zerosOf } from './operands.ts';
import { broadcastTo, commonShape } from './positions.ts';
import type { ReferenceContext, ReferenceRule, ReferenceRules } from './rule.ts';

/** An operator of one floating input. */
function floating<Op extends OperatorName>(
  compute: (x: number, attributes: OperatorAttributes<Op>) => number,
): ReferenceRule<Op> {
  return (context) => [mapFloats(floats(context, 0), (x) => compute(x, context.attributes))];
}

/** An operator of one numeric input; integers are computed exactly. */
function numeric(compute: (x: number) => number, onIntegers: (x: bigint) => bigint) {
  return (context: ReferenceContext<OperatorName>) => [mapNumeric(given(context, 0), compute, onIntegers)];
}

/** An operator that joins its numeric inputs, two or as many as there are, from left to right. */
function joining(compute: (a: number, b: number) => number, onIntegers: (a: bigint, b: bigint) => bigint) {
  return (context: ReferenceContext<OperatorName>) => [
    context.inputs
      .map((_, index) => given(context, index))
      .reduce((joined, next) => combineNumeric(joined, next, compute, onIntegers)),
  ];
}

/** An operator that asks a question about two inputs. */
function question(holds: (a: number | bigint, b: number | bigint) => boolean) {
  return (context: ReferenceContext<OperatorName>) => [compare(given(context, 0), given(context, 1), holds)];
}

const sum = joining(
  (a, b) => a + b,
  (a, b) => a + b,
);

/** `min(max(x, low), high)`: where `low > high` the result is `high`. */
function clip(context: ReferenceContext<'Clip'>): Tensor[] {
  const [, low, high] = context.inputs;
  const raised = low ? combineNumeric(given(context, 0), low, Math.max, larger<bigint>) : given(context, 0);
  return [high ? combineNumeric(raised, high, Math.min, smaller<bigint>) : raised];
}

/** `x^y` in the type of `x`; the exponent may be of another type. */
function power(context: ReferenceContext<'Pow'>): Tensor[] {
  const x = given(context, 0);
  return [castTo(combineFloats(toFloats(x), toFloats(given(context, 1)), Math.pow), x.type)];
}

function where(context: ReferenceContext<'Where'>): Tensor[] {
  const inputs = [given(context, 0), given(context, 1), given(context, 2)];
  const shape = commonShape(inputs);
  const [condition, x, y] = inputs.map((input): Elements => broadcastTo(input, shape).data);
  const result = zerosOf(inputs[1].type, shape);
  const chosen: Elements = result.data;
  for (let i = 0; i < chosen.length; i++) chosen[i] = condition[i] ? x[i] : y[i];
  return [result];
}

/** Element-wise operators as ONNX defines them. Integers wrap around as their type does; their division truncates. */
export const elementwise = {
  Abs: numeric(Math.abs, (x) => (x < 0n ? -x : x)),
  Add: sum,
  And: question((a, b) => a === 1 && b === 1),
  Cast: (context) => [castTo(given(context, 0), context.attributes.to)],
  Ceil: floating(Math.ceil),
  Clip: clip,
  Div: joining(
    (a, b) => a / b,
    (a, b) => a / b,
  ),
  Elu: floating<'Elu'>((x, { alpha }) => (x < 0 ? alpha * Math.expm1(x) : x)),
  Equal: question((a, b) => a === b),
  Erf: floating(errorFunction),
  Exp: floating(Math.exp),
  Floor: floating(Math.floor),
  Greater: question((a, b) => a > b),
  GreaterOrEqual: question((a, b) => a >= b),
  HardSigmoid: floating<'HardSigmoid'>((x, { alpha, beta }) => Math.max(0, Math.min(1, alpha * x + beta))),
  HardSwish: floating((x) => x * Math.max(0, Math.min(1, x / 6 + 0.5))),
  Identity: (context) => [given(context, 0)],
  LeakyRelu: floating<'LeakyRelu'>((x, { alpha }) => (x < 0 ? alpha * x : x)),
  Less: question((a, b) => a < b),
  LessOrEqual: question((a, b) => a <= b),
  Log: floating(Math.log),
  Max: joining(Math.max, larger<bigint>),
  Min: joining(Math.min, smaller<bigint>),
  Mul: joining(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  Neg: numeric(
    (x) => -x,
    (x) => -x,
  ),
  Not: (context) => [compare(given(context, 0), tensor('bool', []), (a, b) => a === b)],
  Or: question((a, b) => a === 1 || b === 1),
  Pow: power,
  PRelu: (context) => [combineFloats(floats(context, 0), floats(context, 1), (x, slope) => (x < 0 ? slope * x : x))],
  Reciprocal: floating((x) => 1 / x),
  Relu: numeric(
    (x) => Math.max(x, 0),
    (x) => larger(x, 0n),
  ),
  Sigmoid: floating((x) => 1 / (1 + Math.exp(-x))),
  Sign: numeric(Math.sign, (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n)),
  Softplus: floating((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: floating(Math.sqrt),
  Sub: joining(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  Sum: sum,
  Tanh: floating(Math.tanh),
  Where: where,
} satisfies Partial<ReferenceRules>;
