import { broadcastShapes } from '../tensor/broadcast.ts';
import type { ElementType } from '../tensor/element-type.ts';
import {
  anyTypes,
  expectBroadcastsTo,
  expectRank,
  expectSameType,
  floatTypes,
  numberTypes,
  operand,
  operands,
  optionalOperand,
  signedTypes,
  wideTypes,
} from './operand.ts';
import type { RuleContext, ShapeRules, ValueType } from './rule.ts';

/** One input in, the same type and shape out. */
function unary(types: readonly ElementType[]) {
  return (context: RuleContext): ValueType[] => {
    const { type, shape } = operand(context, 0, types);
    return [{ type, shape }];
  };
}

/** Inputs of one type broadcast together; the output has their type or `result`. */
function broadcasting(types: readonly ElementType[], result?: ElementType) {
  return (context: RuleContext): ValueType[] => {
    const inputs = operands(context, types);
    const shape = inputs.map((input) => input.shape).reduce(broadcastShapes);
    return [{ type: result ?? inputs[0].type, shape }];
  };
}

/** Element-wise operators: the output has the inputs' shape, or the shape they broadcast to. */
export const elementwiseRules = {
  Abs: unary(numberTypes),
  Cast: (context) => [{ type: context.attributes.to, shape: operand(context, 0).shape }],
  Ceil: unary(floatTypes),
  Clip: (context) => {
    const { type, shape } = operand(context, 0, numberTypes);
    for (const bound of [1, 2]) {
      optionalOperand(context, bound, numberTypes);
      expectSameType(context, 0, bound);
      expectRank(context, bound, 0);
    }
    return [{ type, shape }];
  },
  Elu: unary(floatTypes),
  Erf: unary(floatTypes),
  Exp: unary(floatTypes),
  Floor: unary(floatTypes),
  HardSigmoid: unary(floatTypes),
  HardSwish: unary(floatTypes),
  Identity: unary(anyTypes),
  LeakyRelu: unary(floatTypes),
  Log: unary(floatTypes),
  Neg: unary(signedTypes),
  Not: unary(['bool']),
  Reciprocal: unary(floatTypes),
  Relu: unary(signedTypes),
  Sigmoid: unary(floatTypes),
  Sign: unary(numberTypes),
  Softplus: unary(floatTypes),
  Sqrt: unary(floatTypes),
  Tanh: unary(floatTypes),

  Add: broadcasting(numberTypes),
  And: broadcasting(['bool']),
  Div: broadcasting(numberTypes),
  Equal: broadcasting(anyTypes, 'bool'),
  Greater: broadcasting(numberTypes, 'bool'),
  GreaterOrEqual: broadcasting(numberTypes, 'bool'),
  Less: broadcasting(numberTypes, 'bool'),
  LessOrEqual: broadcasting(numberTypes, 'bool'),
  Max: broadcasting(numberTypes),
  Min: broadcasting(numberTypes),
  Mul: broadcasting(numberTypes),
  Or: broadcasting(['bool']),
  Sub: broadcasting(numberTypes),
  Sum: broadcasting(floatTypes),

  /** The exponent may be of another type than the base, whose type the output has. */
  Pow: (context) => {
    const base = operand(context, 0, wideTypes);
    const exponent = operand(context, 1, numberTypes);
    return [{ type: base.type, shape: broadcastShapes(base.shape, exponent.shape) }];
  },
  /** The slope broadcasts to X, never X to the slope. */
  PRelu: (context) => {
    const { type, shape } = operands(context, wideTypes)[0];
    expectBroadcastsTo(context, 1, shape);
    return [{ type, shape }];
  },
  Where: (context) => {
    const condition = operand(context, 0, ['bool']);
    const chosen = operand(context, 1);
    const other = operand(context, 2);
    expectSameType(context, 1, 2);
    return [
      { type: chosen.type, shape: [condition, chosen, other].map((input) => input.shape).reduce(broadcastShapes) },
    ];
  },
} satisfies Partial<ShapeRules>;
