import { type GradientTable, notFloating } from '../gradient-rule.ts';

/** Quantisation: steps, whose slope is zero or infinite. Networks are trained in floating point and quantised afterwards. */
export const quantizationGradients = {
  DequantizeLinear: {
    reason: 'what it reads is whole numbers; take the gradient of the model before it was quantised',
  },
  QuantizeLinear: notFloating,
} satisfies Partial<GradientTable>;
