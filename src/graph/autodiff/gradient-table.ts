import type { GradientTable } from './gradient-rule.ts';
import { convolutionGradients } from './gradients/convolution.ts';
import { elementwiseGradients } from './gradients/elementwise.ts';
import { gatherGradients } from './gradients/gather.ts';
import { matrixProductGradients } from './gradients/matrix-product.ts';
import { movementGradients } from './gradients/movement.ts';
import { normalizationGradients } from './gradients/normalization.ts';
import { poolGradients } from './gradients/pool.ts';
import { quantizationGradients } from './gradients/quantization.ts';
import { reduceGradients } from './gradients/reduce.ts';
import { samplingGradients } from './gradients/sampling.ts';
import { sliceGradients } from './gradients/slice.ts';
import { unaryGradients } from './gradients/unary.ts';

/** The gradient rule of every operator. A total table: an operator that it does not know does not compile. */
export const gradientTable: GradientTable = {
  ...unaryGradients,
  ...elementwiseGradients,
  ...reduceGradients,
  ...movementGradients,
  ...sliceGradients,
  ...gatherGradients,
  ...matrixProductGradients,
  ...convolutionGradients,
  ...poolGradients,
  ...normalizationGradients,
  ...quantizationGradients,
  ...samplingGradients,
};
