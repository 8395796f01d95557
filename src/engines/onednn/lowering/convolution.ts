import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { OperatorAttributes } from '../../../graph/operators/operator.ts';
import { spatialAttributes } from '../../../graph/shape-inference/spatial.ts';
import { staticShape } from '../../../graph/tensor/shape.ts';
import { algorithm, argument, type DataType, dataType, query } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Datum } from '../plan/datum.ts';
import type { PlanBuilder } from '../plan/plan-builder.ts';
import { type Window, windowOf } from './window.ts';

/** Shapes of a convolution, and how its window moves. */
interface Convolution {
  readonly image: readonly number[];
  readonly weights: readonly number[];
  readonly result: readonly number[];
  /** As oneDNN has them: with several groups the groups come first. */
  readonly grouped: readonly number[];
  readonly window: Window;
}

const shapeOf = (value: Value): readonly number[] => staticShape(value.shape, `'${value.name}' in oneDNN`);

/** Y = X * W + B, and the activation behind it. */
export function lowerConvolution(plan: PlanBuilder, node: OperatorNode<'Conv'>): void {
  const [x, w, bias] = node.inputs;
  const [y] = node.outputs;
  const shapes = convolution(node.attributes, shapeOf(x!), shapeOf(w!), shapeOf(y));
  const taken = plan.takeActivation(y);
  const made = taken?.made ?? y;
  const type = plan.resultType(made);
  const { objects } = plan;
  const attributes = taken === undefined ? objects.plainAttributes : objects.attributes([taken.activation]);
  const description = forward(plan, shapes, { bias: bias !== undefined, result: type, attributes });
  const image = plan.as(x!, plan.wanted(description, query.source), plan.compute);
  const weights = asWeights(plan, w!, shapes, plan.wanted(description, query.weights), plan.compute);
  const result = plan.resultOf(made, type, plan.wanted(description, query.result));
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.weights, weights],
    [argument.bias, bias && plan.asPlain(bias)],
    [argument.result, result],
  ]);
}

/** dX of a convolution, from dY and W. */
export function lowerConvolutionInputGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [dy, w] = node.inputs;
  const [dx] = node.outputs;
  const attributes = node.attributes as OperatorAttributes<'Conv'>;
  const shapes = convolution(attributes, shapeOf(dx), shapeOf(w!), shapeOf(dy!));
  const { objects, compute } = plan;
  const hint = forward(plan, shapes, { bias: false, result: compute, attributes: objects.plainAttributes });
  const type = plan.resultType(dx);
  const description = objects.description('convolution_backward_data', [
    algorithm.convolutionDirect,
    plan.any(shapes.image, type),
    plan.any(shapes.grouped, compute),
    plan.any(shapes.result, compute),
    ...moves(shapes.window),
    hint,
  ]);
  const gradient = plan.as(dy!, plan.wanted(description, query.resultGradient), compute);
  const weights = asWeights(plan, w!, shapes, plan.wanted(description, query.weights), compute);
  plan.add(node.name, description, [
    [argument.resultGradient, gradient],
    [argument.weights, weights],
    [argument.sourceGradient, plan.resultOf(dx, type, plan.wanted(description, query.sourceGradient))],
  ]);
}

/** dW and dB of a convolution, from X and dY; in float32 whatever lies between the primitives. */
export function lowerConvolutionWeightGradient(plan: PlanBuilder, node: OperatorNode): void {
  const [x, dy] = node.inputs;
  const [dw, db] = node.outputs;
  const attributes = node.attributes as OperatorAttributes<'Conv'>;
  const shapes = convolution(attributes, shapeOf(x!), shapeOf(dw), shapeOf(dy!));
  const { objects } = plan;
  const bias = db !== undefined && plan.isWanted(db);
  const biasShape = [shapes.weights[0]];
  const { type, description } = weightGradient(plan, shapes, bias);
  const image = plan.as(x!, plan.wanted(description, query.source), type);
  const gradient = plan.as(dy!, plan.wanted(description, query.resultGradient), type);
  const layout = plan.wanted(description, query.weightsGradient);
  const plain = plan.plain(shapes.grouped, 'float32');
  const direct = objects.sameLayout(layout, plain);
  const target = plan.resultOf(dw, 'float32', plan.plain(shapes.weights, 'float32'));
  const made = direct ? plan.view(target, shapes.grouped, plain) : plan.fresh(shapes.grouped, 'float32', layout);
  plan.add(node.name, description, [
    [argument.source, image],
    [argument.resultGradient, gradient],
    [argument.weightsGradient, made],
    [argument.biasGradient, bias ? plan.resultOf(db, 'float32', plan.plain(biasShape, 'float32')) : undefined],
  ]);
  if (!direct) plan.reordered(dw.name, made, plain, 'float32', plan.view(target, shapes.grouped, plain));
}

/**
 * Describes a weight gradient in the type of what lies between primitives, or in float32, if there is a kernel of its own for it in that
 * alone: of the three channels of pictures oneDNN has none in bfloat16, and unfolds them for a matrix product.
 */
function weightGradient(plan: PlanBuilder, shapes: Convolution, bias: boolean) {
  const { objects, compute } = plan;
  const of = (type: DataType) => {
    const hint = forward(plan, shapes, { bias, type, result: type, attributes: objects.plainAttributes });
    return objects.description('convolution_backward_weights', [
      algorithm.convolutionDirect,
      plan.any(shapes.image, type),
      plan.any(shapes.grouped, 'float32'),
      bias ? plan.plain([shapes.weights[0]], 'float32') : null,
      plan.any(shapes.result, type),
      ...moves(shapes.window),
      hint,
    ]);
  };
  const unfolds = (one: Pointer): boolean => objects.implementation(one).includes('gemm');
  const description = of(compute);
  if (compute === 'float32' || !unfolds(description)) return { type: compute, description };
  const exact = of('float32');
  return unfolds(exact) ? { type: compute, description } : { type: 'float32' as const, description: exact };
}

const moves = ({ strides, dilations, before, behind }: Window) => [strides, dilations, before, behind] as const;

function convolution(
  attributes: OperatorAttributes<'Conv'>,
  image: readonly number[],
  weights: readonly number[],
  result: readonly number[],
): Convolution {
  const spatial = spatialAttributes(attributes, image.length - 2, weights.slice(2));
  const { group } = attributes;
  const [filters, ...rest] = weights;
  const grouped = group === 1 ? weights : [group, filters / group, ...rest];
  return { image, weights, result, grouped, window: windowOf(spatial, image.slice(2), result.slice(2)) };
}

function forward(
  plan: PlanBuilder,
  { image, grouped, weights, result, window }: Convolution,
  options: {
    readonly bias: boolean;
    readonly result: DataType;
    readonly attributes: Pointer;
    /** Of image and weights. Default: that of what lies between primitives. */
    readonly type?: DataType;
  },
): Pointer {
  const { objects } = plan;
  const { type = plan.compute } = options;
  return objects.description(
    'convolution_forward',
    [
      plan.forward,
      algorithm.convolutionDirect,
      plan.any(image, type),
      plan.any(grouped, type),
      options.bias ? plan.plain([weights[0]], 'float32') : null,
      plan.any(result, options.result),
      ...moves(window),
    ],
    options.attributes,
  );
}

/** Weights in the layout that a primitive wants; where it has groups, seen with one more axis. */
function asWeights(plan: PlanBuilder, w: Value, shapes: Convolution, layout: Pointer, type: DataType): Datum {
  if (shapes.grouped === shapes.weights) return plan.as(w, layout, type);
  const plain = plan.asPlain(w);
  const grouped = plan.view(plain, shapes.grouped, plan.objects.plainLayout(shapes.grouped, dataType.float32));
  return plan.reordered(w.name, grouped, layout, type);
}
