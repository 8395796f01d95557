import type { Value } from '../builder/graph.ts';
import { cast, div, equal, expand, indicator, mul, reduceSum, sub } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import { perChannelSum } from '../builder/per-channel.ts';
import type { GradientOperatorName, OperatorAttributes } from '../operators/operator.ts';
import { normalizeAxis, sameShape, sizeOf } from '../tensor/shape.ts';
import { averagePoolGradient } from './average-pool.ts';
import { batchNormalizationGradient } from './batch-normalization.ts';
import { convInputGradient } from './conv-input.ts';
import { convWeightGradient } from './conv-weight.ts';
import { type ChooseConvWeightForm, fastestConvWeightForm } from './conv-weight-form.ts';
import { convolutionGeometry } from './convolution-geometry.ts';
import { gelu, geluGradient } from './gelu.ts';
import { layerNormalizationGradient } from './layer-normalization.ts';
import { localResponseGradient } from './local-response.ts';
import { maxPoolGradient } from './max-pool.ts';
import { maxPoolGradientByComparison } from './max-pool-by-comparison.ts';

/** How gradients are unfolded. */
export interface UnfoldingOptions {
  /** Picks how weight gradients of convolutions are computed. Default: `fastestConvWeightForm`. */
  readonly convWeightForm?: ChooseConvWeightForm;
  /**
   * How the gradient of a max pool knows the largest elements: by the places that the pool keeps (`places`, default), or by
   * comparing each element of a window with the result, for engines whose pools keep none.
   */
  readonly maxPoolForm?: 'places' | 'comparison';
  /** Whether a gradient reads what lies between the nodes of its forward pass, where it is there, or computes that again. Default: no. */
  readonly readsForward?: boolean;
}

/** Appends nodes that compute a gradient operator's outputs, all that it may have, to the graph of its inputs. */
export type Unfolding<Op extends GradientOperatorName> = (
  inputs: OperatorInputs<Op>,
  attributes: OperatorAttributes<Op>,
  options: UnfoldingOptions,
) => readonly Value[];

/** How each gradient operator is unfolded. */
export type Unfoldings = { readonly [Op in GradientOperatorName]: Unfolding<Op> };

/** 1 where `x` is not 0, else 0. Two casts are several times faster on onnxruntime's CPU than Sign. */
const nonzero = (x: Value): Value => cast(cast(x, 'bool'), x.type);

/**
 * Each gradient operator in operators of ONNX, as they are fastest on onnxruntime's CPU build: the order of the nodes and the
 * choice of each belong to the bits of a run.
 */
export const unfoldings: Unfoldings = {
  AveragePoolGradient: ([dY], attributes) => [averagePoolGradient(dY, attributes)],
  BatchNormalizationGradient: batchNormalizationGradient,
  ClipGradient: ([dY, X, Y]) => [mul(dY, indicator(equal(X, Y), dY))],
  ConvInputGradient: ([dY, W], attributes) => [
    convInputGradient(dY, W, convolutionGeometry(attributes.imageShape, W.shape, dY.shape, attributes)),
  ],
  ConvWeightGradient: ([image, dResult], attributes, { convWeightForm = fastestConvWeightForm }) => {
    const weights = [dResult.shape[1], Number(image.shape[1]) / attributes.group, ...attributes.kernelShape];
    const geometry = convolutionGeometry(image.shape, weights, dResult.shape, attributes);
    return [convWeightGradient(convWeightForm(geometry), { image, dResult, geometry }), perChannelSum(dResult)];
  },
  FusedGelu: ([X], attributes) => [gelu(X, attributes)],
  GeluGradient: (inputs, attributes, { readsForward = false }) => [geluGradient(inputs, attributes, readsForward)],
  GlobalAveragePoolGradient: ([dY], { imageShape }) => {
    const share = div(dY, sizeOf(imageShape.slice(2)));
    return [sameShape(share.shape, imageShape) ? share : expand(share, imageShape)];
  },
  LayerNormalizationGradient: layerNormalizationGradient,
  LrnGradient: ([dY, X], attributes) => [localResponseGradient(dY, X, attributes)],
  MaxPoolGradient: (inputs, attributes, { maxPoolForm = 'places' }) => [
    (maxPoolForm === 'places' ? maxPoolGradient : maxPoolGradientByComparison)(inputs, attributes),
  ],
  ReluGradient: ([dY, Y]) => [mul(dY, nonzero(Y))],
  SoftmaxGradient: ([dY, Y], { axis }) => {
    const along = [normalizeAxis(axis, Y.shape.length)];
    return [mul(Y, sub(dY, reduceSum(mul(dY, Y), along, true)))];
  },
};

/** What a gradient operator is in operators of ONNX: nodes on these inputs, in their graph; as many outputs as it has. */
export function unfoldGradient<Op extends GradientOperatorName>(
  op: Op,
  inputs: readonly (Value | undefined)[],
  attributes: OperatorAttributes<Op>,
  options: UnfoldingOptions = {},
): readonly Value[] {
  // The graph checked the inputs against the operator's schema when the node was made.
  return unfoldings[op](inputs as OperatorInputs<Op>, attributes, options);
}
