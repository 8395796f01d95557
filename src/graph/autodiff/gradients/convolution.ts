import { conv } from '../../builder/operations.ts';
import { convolutionGeometry } from '../convolution-geometry.ts';
import type { GradientTable } from '../gradient-rule.ts';
import { perChannelSum } from '../per-channel.ts';
import { convInputGradient } from './conv-input.ts';
import { convWeightGradient } from './conv-weight.ts';

/** Convolutions of any stride, padding, dilation and number of groups over any number of spatial axes. */
export const convolutionGradients = {
  Conv: ({ inputs: [X, W, B], outputs: [Y], attributes, dY, convWeightForm }) => {
    const geometry = convolutionGeometry(X.shape, W.shape, Y.shape, attributes);
    return [
      () => convInputGradient(dY, W, geometry),
      () => convWeightGradient(convWeightForm(geometry), { image: X, dResult: dY, geometry }),
      B && (() => perChannelSum(dY)),
    ];
  },
  /** The convolution that it transposes takes Y to X, so the gradient by X is that convolution of dY. */
  ConvTranspose: ({ inputs: [X, W, B], outputs: [Y], attributes, dY, convWeightForm }) => {
    const { outputPadding: _, ...convolution } = attributes;
    const geometry = convolutionGeometry(Y.shape, W.shape, X.shape, attributes);
    return [
      () => conv(dY, W, undefined, convolution),
      () => convWeightGradient(convWeightForm(geometry), { image: dY, dResult: X, geometry }),
      B && (() => perChannelSum(dY)),
    ];
  },
} satisfies Partial<GradientTable>;
