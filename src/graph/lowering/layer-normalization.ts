import type { Value } from '../builder/graph.ts';
import { mul } from '../builder/operations.ts';
import type { OperatorInputs } from '../builder/operator-inputs.ts';
import { unbroadcast } from '../builder/unbroadcast.ts';
import type { OperatorAttributes } from '../operators/operator.ts';
import { normalizeAxis } from '../tensor/shape.ts';
import { standardizationGradient, standardize } from './standardization.ts';

/**
 * Gradients of layer normalisation `Y = scale xhat + B` by X, scale and B, `xhat` being X standardized over the axes from `axis`
 * on: those by scale and B are sums over all that they were broadcast to.
 *
 * Source: Ba, Kiros, Hinton 2016, "Layer Normalization".
 */
export function layerNormalizationGradient(
  [dY, X, scale]: OperatorInputs<'LayerNormalizationGradient'>,
  { axis, epsilon }: OperatorAttributes<'LayerNormalizationGradient'>,
): Value[] {
  const axes = [...X.shape.keys()].slice(normalizeAxis(axis, X.shape.length));
  const standardized = standardize(X, axes, epsilon);
  return [
    standardizationGradient(mul(dY, scale), standardized, axes),
    unbroadcast(mul(dY, standardized.value), scale.shape),
    unbroadcast(dY, scale.shape),
  ];
}
