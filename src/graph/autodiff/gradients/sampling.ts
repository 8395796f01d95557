import type { GradientTable } from '../gradient-rule.ts';

const augmentationOnly = 'it augments or resizes images before the first weights, so no gradient has to pass it';

/** Operators that sample images at other places. */
export const samplingGradients = {
  AffineGrid: { reason: augmentationOnly },
  GridSample: { reason: augmentationOnly },
  Resize: { reason: augmentationOnly },
} satisfies Partial<GradientTable>;
