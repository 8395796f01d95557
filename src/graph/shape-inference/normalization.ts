import { GraphError } from '../../foundation/errors/graph-error.ts';
import { type Dimension, formatShape, type Shape } from '../tensor/shape.ts';
import { existingAxis } from './lengths.ts';
import {
  expectBroadcastsTo,
  expectOneOf,
  expectRank,
  expectRankAtLeast,
  expectSameType,
  floatTypes,
  inputName,
  operand,
  optionalOperand,
} from './operand.ts';
import type { RuleContext, ShapeRules } from './rule.ts';

/** @throws unless input `index` has one element for each of the `channels` of `image`. */
function expectPerChannel(context: RuleContext, index: number, image: Shape, channels: Dimension): void {
  const { shape } = operand(context, index, floatTypes);
  if (shape.length === 1 && shape[0] === channels) return;
  throw new GraphError(
    `input ${inputName(context, index)} must have shape [${channels}], one element for each channel of ` +
      `${formatShape(image)}, got ${formatShape(shape)}`,
  );
}

/** Normalisations, and dropout. */
export const normalizationRules = {
  /** In training mode there are the running mean and variance to give out too. */
  BatchNormalization: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    expectRankAtLeast(context, 0, 2, 'N x C x ...');
    for (const index of [1, 2, 3, 4]) expectPerChannel(context, index, shape, shape[1]);
    expectSameType(context, 1, 2);
    expectSameType(context, 3, 4);
    const statistics = { type: operand(context, 3).type, shape: [shape[1]] };
    const output = { type, shape };
    return context.attributes.trainingMode ? [output, statistics, statistics] : [output];
  },
  Dropout: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    optionalOperand(context, 1, floatTypes);
    optionalOperand(context, 2, ['bool']);
    expectRank(context, 1, 0);
    expectRank(context, 2, 0);
    return [
      { type, shape },
      { type: 'bool', shape },
    ];
  },
  InstanceNormalization: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
    for (const index of [1, 2]) {
      expectPerChannel(context, index, shape, shape[1]);
      expectSameType(context, 0, index);
    }
    return [{ type, shape }];
  },
  /** Mean and inverse deviation have length 1 on the normalised axes, `axis` and all behind it; they are float32. */
  LayerNormalization: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    operand(context, 1, floatTypes);
    optionalOperand(context, 2, floatTypes);
    const first = existingAxis(context.attributes.axis, shape.length);
    for (const index of [1, 2]) {
      expectSameType(context, 0, index);
      expectBroadcastsTo(context, index, shape.slice(first));
    }
    expectOneOf('stashType (1 is float32)', context.attributes.stashType, [1]);
    const statistics = { type: 'float32', shape: shape.map((length, axis) => (axis < first ? length : 1)) } as const;
    return [{ type, shape }, statistics, statistics];
  },
  LpNormalization: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    existingAxis(context.attributes.axis, shape.length);
    expectOneOf('p', context.attributes.p, [1, 2]);
    return [{ type, shape }];
  },
  LRN: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
    const { size } = context.attributes;
    if (!Number.isInteger(size) || size < 1)
      throw new GraphError(`size must be a whole number of at least 1, got ${size}`);
    return [{ type, shape }];
  },
} satisfies Partial<ShapeRules>;
