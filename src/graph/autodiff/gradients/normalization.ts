import { GraphError } from '../../../foundation/errors/graph-error.ts';
import type { Value } from '../../builder/graph.ts';
import { abs, div, equal, mul, reduceSum, sign, sqrt, sub, where } from '../../builder/operations.ts';
import { alongChannels, perChannelSum } from '../../builder/per-channel.ts';
import { constantOf } from '../../builder/value.ts';
import { standardizationGradient, standardize } from '../../lowering/standardization.ts';
import { normalizeAxis, sameShape, staticShape } from '../../tensor/shape.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import { byUnfolding, type GradientTable } from '../gradient-rule.ts';
import { once } from '../once.ts';
import { batchNormalizationGradients } from './batch-normalization.ts';

/** The axes of a value from `first` on. */
const axesFrom = (x: Value, first: number): number[] => [...x.shape.keys()].slice(first);

/** Normalisations, and dropout. LpNormalization has gradient 0 at a line of zeros. */
export const normalizationGradients = {
  BatchNormalization: batchNormalizationGradients,
  BatchNormalizationGradient: byUnfolding,
  /** Without training mode it is the identity. */
  Dropout: ({ inputs: [, , trainingMode], dY }) => {
    const constant = constantOf(trainingMode);
    if (trainingMode !== undefined && (constant === undefined || toNumbers(constant)[0] !== 0)) {
      throw new GraphError(
        'in training mode its mask comes from a generator inside the engine that a resumed run would repeat; multiply by a ' +
          'mask that is an input of the graph',
      );
    }
    return [() => dY, undefined, undefined];
  },
  InstanceNormalization: ({ inputs: [X, scale], attributes: { epsilon }, dY }) => {
    const axes = axesFrom(X, 2);
    const standardized = once(() => standardize(X, axes, epsilon));
    return [
      () => standardizationGradient(mul(dY, alongChannels(scale, X)), standardized(), axes),
      () => perChannelSum(mul(dY, standardized().value)),
      () => perChannelSum(dY),
    ];
  },
  LayerNormalization: ({ inputs: [X, scale, B], attributes: { axis, epsilon }, dY, gradients }) => {
    if (gradients.some((gradient, place) => place > 0 && gradient !== undefined)) {
      throw new GraphError('its outputs Mean and InvStdDev have no gradient rule');
    }
    const found = once(() =>
      X.graph.apply('LayerNormalizationGradient', [dY, X, scale], { axis, epsilon }, { outputs: 3 }),
    );
    const alike = B !== undefined && sameShape(B.shape, scale.shape);
    return [() => found()[0], () => found()[1], () => (alike ? found()[2] : dY)];
  },
  LayerNormalizationGradient: byUnfolding,
  /** `Y = X / norm`: dX = (dY - n sum(dY Y)) / norm, n being the gradient of the norm: Y for p = 2, the sign for p = 1. */
  LpNormalization: ({ inputs: [X], outputs: [Y], attributes, dY }) => [
    () => {
      const axes = [normalizeAxis(attributes.axis, X.shape.length)];
      const norm = attributes.p === 2 ? sqrt(reduceSum(mul(X, X), axes, true)) : reduceSum(abs(X), axes, true);
      const normGradient = attributes.p === 2 ? Y : sign(X);
      const inverse = where(equal(norm, 0), 0, div(1, norm));
      return mul(sub(dY, mul(normGradient, reduceSum(mul(dY, Y), axes, true))), inverse);
    },
  ],
  LRN: ({ inputs: [X], attributes, dY }) => {
    staticShape(X.shape, 'the gradient of LRN');
    return [() => X.graph.apply('LrnGradient', [dY, X], attributes)[0]];
  },
  LrnGradient: byUnfolding,
} satisfies Partial<GradientTable>;
