import { GraphError } from '../../foundation/errors/graph-error.ts';
import { formatShape, type Shape, type StaticShape, sameShape } from '../tensor/shape.ts';
import { existingAxis } from './lengths.ts';
import { linearRules } from './linear.ts';
import { normalizationRules } from './normalization.ts';
import { expectOneOf, expectSameType, floatTypes, inputName, operand } from './operand.ts';
import { poolRules } from './pool.ts';
import type { RuleContext, ShapeRules, ValueType } from './rule.ts';

// A gradient fits if the operator that it is of fits, and gives what the gradient is by.

/** Two floating inputs of one type. */
function floatingPair(context: RuleContext): [ValueType, ValueType] {
  const pair: [ValueType, ValueType] = [operand(context, 0, floatTypes), operand(context, 1, floatTypes)];
  expectSameType(context, 0, 1);
  return pair;
}

/** @throws unless input `index` has the shape that the operator's output has, or its input. */
function expectShape(context: RuleContext, index: number, shape: Shape): void {
  const given = operand(context, index).shape;
  if (sameShape(given, shape)) return;
  throw new GraphError(
    `input ${inputName(context, index)} must have shape ${formatShape(shape)}, got ${formatShape(given)}`,
  );
}

/** The attribute `imageShape`. @throws unless it has a length for each axis of `rank`. */
function imageShape({ imageShape: shape }: { readonly imageShape: StaticShape }, rank: number): StaticShape {
  if (shape.length === rank && shape.every((length) => Number.isInteger(length) && length > 0)) return shape;
  throw new GraphError(`imageShape must be ${rank} whole numbers of at least 1, got [${shape.join(', ')}]`);
}

/** dY and Y of an element-wise operator or one along an axis: alike. */
function byResult(context: RuleContext): ValueType[] {
  const [{ type, shape }] = floatingPair(context);
  expectShape(context, 1, shape);
  return [{ type, shape }];
}

/** Gradients of other operators. */
export const gradientRules = {
  AveragePoolGradient: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    const { attributes } = context;
    const image = { type, shape: imageShape(attributes, shape.length) };
    const [pooled] = poolRules.AveragePool({ op: 'AveragePool', inputs: [image], attributes, outputCount: 1 });
    expectShape(context, 0, pooled.shape);
    return [image];
  },
  BatchNormalizationGradient: (context) => {
    const [{ type, shape }] = floatingPair(context);
    expectShape(context, 1, shape);
    const [, x, scale, mean, variance] = context.inputs;
    const inputs = [x, scale, scale, mean, variance];
    const attributes = { ...context.attributes, momentum: 0 };
    normalizationRules.BatchNormalization({ op: 'BatchNormalization', inputs, attributes, outputCount: 1 });
    const perChannel = { type: operand(context, 2).type, shape: [shape[1]] };
    return [{ type, shape }, perChannel, perChannel];
  },
  ClipGradient: (context) => {
    const [{ type, shape }] = byResult(context);
    expectSameType(context, 0, 2);
    expectShape(context, 2, shape);
    return [{ type, shape }];
  },
  ConvInputGradient: (context) => {
    const [{ type, shape }] = floatingPair(context);
    const { attributes } = context;
    const image = { type, shape: imageShape(attributes, shape.length) };
    const [result] = linearRules.Conv({ op: 'Conv', inputs: [image, context.inputs[1]], attributes, outputCount: 1 });
    expectShape(context, 0, result.shape);
    return [image];
  },
  ConvWeightGradient: (context) => {
    const [image, { type, shape }] = floatingPair(context);
    const { attributes } = context;
    const weights = { type, shape: [shape[1], Number(image.shape[1]) / attributes.group, ...attributes.kernelShape] };
    const [result] = linearRules.Conv({ op: 'Conv', inputs: [image, weights], attributes, outputCount: 1 });
    expectShape(context, 1, result.shape);
    return [weights, { type, shape: [shape[1]] }];
  },
  FusedGelu: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    expectOneOf('approximate', context.attributes.approximate, ['none', 'tanh']);
    return [{ type, shape }];
  },
  GeluGradient: (context) => {
    const [{ type, shape }] = byResult(context);
    expectSameType(context, 0, 2);
    expectShape(context, 2, shape);
    expectOneOf('approximate', context.attributes.approximate, ['none', 'tanh']);
    return [{ type, shape }];
  },
  GlobalAveragePoolGradient: (context) => {
    const { type, shape } = operand(context, 0, floatTypes);
    const { attributes } = context;
    const image = { type, shape: imageShape(attributes, shape.length) };
    const pool = { op: 'GlobalAveragePool', inputs: [image], attributes, outputCount: 1 } as const;
    const [pooled] = poolRules.GlobalAveragePool(pool);
    expectShape(context, 0, pooled.shape);
    return [image];
  },
  LayerNormalizationGradient: (context) => {
    const [{ type, shape }, image] = floatingPair(context);
    expectShape(context, 1, shape);
    const scale = operand(context, 2, floatTypes);
    const attributes = { ...context.attributes, stashType: 1 };
    const inputs = [image, context.inputs[2]];
    normalizationRules.LayerNormalization({ op: 'LayerNormalization', inputs, attributes, outputCount: 1 });
    return [{ type, shape }, scale, scale].map((value) => ({ type: value.type, shape: value.shape }));
  },
  LrnGradient: (context) => {
    const [{ shape }, image] = floatingPair(context);
    expectShape(context, 1, shape);
    return normalizationRules.LRN({ ...context, op: 'LRN', inputs: [image] });
  },
  MaxPoolGradient: (context) => {
    const [{ type, shape }] = floatingPair(context);
    expectSameType(context, 0, 2);
    const attributes = { ...context.attributes, storageOrder: 0 };
    const pool = { op: 'MaxPool', inputs: [operand(context, 0)], attributes, outputCount: 1 } as const;
    const [pooled] = poolRules.MaxPool(pool);
    for (const index of [1, 2]) expectShape(context, index, pooled.shape);
    return [{ type, shape }];
  },
  ReluGradient: byResult,
  SoftmaxGradient: (context) => {
    const [{ type, shape }] = byResult(context);
    existingAxis(context.attributes.axis, shape.length);
    return [{ type, shape }];
  },
} satisfies Partial<ShapeRules>;
