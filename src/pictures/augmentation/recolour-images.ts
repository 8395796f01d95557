import type { Graph, Value } from '../../graph/builder/graph.ts';
import { add, clip, matMul, mul, reduceMean, reshape } from '../../graph/builder/operations.ts';
import type { Dimension } from '../../graph/tensor/shape.ts';
import { staticShape } from '../../graph/tensor/shape.ts';
import { type AugmentationSettings, changesColours } from './augmentation.ts';

/** The inputs of a graph through which the changes of a batch's colours come in. */
export interface ColourChange {
  /** `[N, 3, 3]`, see `colourMatrices`. */
  readonly colour: Value;
  /** `[N, 1, 1]`: brightness divided by contrast, minus 1. */
  readonly meanGain: Value;
}

/** Adds the inputs that `colourFeeds` feeds, for `rows` pictures; none if the settings never change colours. */
export function colourInputs(graph: Graph, settings: AugmentationSettings, rows: Dimension): ColourChange | undefined {
  if (!changesColours(settings)) return undefined;
  return {
    colour: graph.input('augmentation.colour', 'float32', [rows, 3, 3]),
    meanGain: graph.input('augmentation.meanGain', 'float32', [rows, 1, 1]),
  };
}

/**
 * Changes the colours of pictures, float32 `[N, 3, H, W]` from 0 to 1, N, H and W known. Their pixels have been moved
 * before, see `warpImages`.
 *
 * The colours `x` of a picture become `y = colour x` and then `clip(y + mean(y) * meanGain, 0, 1)`, which is saturation,
 * channel gain, then `(x - mean) * contrast + mean * brightness`, the mean being over all pixels and channels. No gradient
 * is meant to flow through any of this.
 */
export function recolourImages(image: Value, { colour, meanGain }: ColourChange): Value {
  const [rows, channels, height, width] = staticShape(image.shape, 'augmentation');
  const mixed = matMul(colour, reshape(image, [rows, channels, height * width]));
  const mean = reduceMean(mixed, [1, 2], true);
  return reshape(clip(add(mixed, mul(mean, meanGain)), 0, 1), [rows, channels, height, width]);
}
