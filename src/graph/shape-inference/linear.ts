import { GraphError } from '../../foundation/errors/graph-error.ts';
import { broadcastShapes } from '../tensor/broadcast.ts';
import type { ElementType } from '../tensor/element-type.ts';
import { type Dimension, formatShape, type Shape, staticShape } from '../tensor/shape.ts';
import { expectSameLength } from './lengths.ts';
import {
  expectBroadcastsTo,
  expectRank,
  expectRankAtLeast,
  expectSameType,
  floatTypes,
  inputName,
  operand,
  optionalOperand,
  wideTypes,
} from './operand.ts';
import type { RuleContext, ShapeRules, ValueType } from './rule.ts';
import {
  type SpatialAttributes,
  spatialAttributes,
  spatialLengths,
  transposedLengths,
  type WindowAttributes,
  windowCounts,
} from './spatial.ts';

interface ConvolutionContext extends RuleContext {
  readonly attributes: WindowAttributes & { readonly group: number };
}

/** X, W and B of a convolution, checked for type and rank; W's lengths must be known. */
function convolutionOperands(context: ConvolutionContext) {
  const x = operand(context, 0, floatTypes);
  const w = operand(context, 1, floatTypes);
  optionalOperand(context, 2, floatTypes);
  expectSameType(context, 0, 1);
  expectSameType(context, 0, 2);
  expectRankAtLeast(context, 0, 3, 'N x C x D1 x ...');
  expectRank(context, 1, x.shape.length);
  const weights = staticShape(w.shape, `input ${inputName(context, 1)} of ${context.op}`);
  const { group } = context.attributes;
  if (!Number.isInteger(group) || group < 1)
    throw new GraphError(`group must be a whole number of at least 1, got ${group}`);
  const spatial = spatialAttributes(context.attributes, weights.length - 2, weights.slice(2));
  return { type: x.type, image: x.shape, weights, group, spatial };
}

/** @throws unless X has the `read` channels that the weights read, and these fall into equal groups. */
function expectChannels(image: Shape, weights: readonly number[], read: number, group: number): void {
  if (image[1] !== read) {
    throw new GraphError(
      `X ${formatShape(image)} has ${image[1]} channels, but W ${formatShape(weights)} with group ${group} reads ${read}`,
    );
  }
  if (weights[0] % group !== 0) {
    throw new GraphError(
      `axis 0 of W ${formatShape(weights)} has length ${weights[0]}, which group ${group} does not divide`,
    );
  }
}

function expectBias(context: RuleContext, channels: number): void {
  const bias = context.inputs[2];
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === channels)) return;
  throw new GraphError(
    `B must have shape [${channels}], one element for each output channel, got ${formatShape(bias.shape)}`,
  );
}

/** @throws unless each output padding is below its stride: a convolution over the output must give the input's length. */
function outputPadding(given: readonly number[], { strides }: SpatialAttributes): readonly number[] {
  if (given.length === 0) return strides.map(() => 0);
  const fits = given.length === strides.length && given.every((count, axis) => count >= 0 && count < strides[axis]);
  if (fits) return given;
  throw new GraphError(
    `outputPadding [${given.join(', ')}] must have one number for each stride, below it: [${strides.join(', ')}]`,
  );
}

/** The product's shape as NumPy's matmul has it: batch axes broadcast, a vector counts as a row (left) or column (right). */
function productShape(a: Shape, b: Shape, nameA = 'A', nameB = 'B'): Dimension[] {
  if (a.length === 0 || b.length === 0) {
    throw new GraphError(`${formatShape(a)} times ${formatShape(b)}: a scalar has no matrix product, use Mul`);
  }
  const inner = b.length === 1 ? 0 : b.length - 2;
  expectSameLength(a, a.length - 1, nameA, b, inner, nameB);
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
  return [...batch, ...(a.length > 1 ? [a[a.length - 2]] : []), ...(b.length > 1 ? [b[b.length - 1]] : [])];
}

/**
 * An operand of Gemm or FusedMatMul as MatMul would have it. `batch` moves the first axis behind the batch axes (M x batch x K
 * becomes batch x M x K), then `transposed` swaps the last two; neither changes a vector.
 */
function fusedOperand(shape: Shape, transposed: number, batch: number): Shape {
  const moved = batch ? [...shape.slice(1, -1), shape[0], shape[shape.length - 1]] : shape;
  if (!transposed || shape.length < 2) return moved;
  return [...moved.slice(0, -2), moved[moved.length - 1], moved[moved.length - 2]];
}

function named(operandName: string, transposed: number): string {
  return transposed ? `${operandName} transposed` : operandName;
}

function matrices(context: RuleContext, types: readonly ElementType[]): [ValueType, ValueType] {
  const a = operand(context, 0, types);
  const b = operand(context, 1, types);
  expectSameType(context, 0, 1);
  return [a, b];
}

/** Convolutions and matrix products. */
export const linearRules = {
  /** X is N x C x D1 x ..., W is M x C/group x k1 x ..., the output N x M x windows. */
  Conv: (context) => {
    const { type, image, weights, group, spatial } = convolutionOperands(context);
    expectChannels(image, weights, weights[1] * group, group);
    expectBias(context, weights[0]);
    return [{ type, shape: [image[0], weights[0], ...windowCounts(spatialLengths(image), spatial)] }];
  },
  /** X is N x C x D1 x ..., W is C x M/group x k1 x ..., the output N x M x the lengths the windows came from. */
  ConvTranspose: (context) => {
    const { type, image, weights, group, spatial } = convolutionOperands(context);
    expectChannels(image, weights, weights[0], group);
    const channels = weights[1] * group;
    expectBias(context, channels);
    const padding = outputPadding(context.attributes.outputPadding, spatial);
    return [{ type, shape: [image[0], channels, ...transposedLengths(spatialLengths(image), spatial, padding)] }];
  },
  FusedMatMul: (context) => {
    const [a, b] = matrices(context, floatTypes);
    const { transA, transB, transBatchA, transBatchB } = context.attributes;
    if ((transBatchA || transBatchB) && (a.shape.length < 3 || a.shape.length !== b.shape.length)) {
      throw new GraphError(
        `transBatchA and transBatchB take operands of equally many axes, 3 or more, got ${formatShape(a.shape)} and ` +
          formatShape(b.shape),
      );
    }
    const [left, right] = [fusedOperand(a.shape, transA, transBatchA), fusedOperand(b.shape, transB, transBatchB)];
    const shape = productShape(left, right, named('A', transA || transBatchA), named('B', transB || transBatchB));
    return [{ type: a.type, shape }];
  },
  /** `alpha A' B' + beta C` of two matrices; C broadcasts to the product. */
  Gemm: (context) => {
    const [a, b] = matrices(context, wideTypes);
    expectRank(context, 0, 2);
    expectRank(context, 1, 2);
    const { transA, transB } = context.attributes;
    const [left, right] = [fusedOperand(a.shape, transA, 0), fusedOperand(b.shape, transB, 0)];
    const shape = productShape(left, right, named('A', transA), named('B', transB));
    optionalOperand(context, 2, wideTypes);
    expectSameType(context, 0, 2);
    expectBroadcastsTo(context, 2, shape);
    return [{ type: a.type, shape }];
  },
  MatMul: (context) => {
    const [a, b] = matrices(context, wideTypes);
    return [{ type: a.type, shape: productShape(a.shape, b.shape) }];
  },
} satisfies Partial<ShapeRules>;
