import type { Graph } from '../graph/graph.ts';
import { add, clip, int64, matMul, mul, reduceMean, reshape, sub } from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import type { Dimension } from '../tensor/shape.ts';
import { staticShape } from '../tensor/shape.ts';
import { type AugmentationSettings, changesColours, fallsBetweenPixels, movesPixels } from './augmentation.ts';

/** The inputs of a graph through which a step's augmentation comes in. What the settings never do is left out. */
export interface AugmentationValues {
  /** `[N, 2, 3]`. */
  readonly theta?: Value;
  /** `[N, 3, 3]`, see `colourMatrices`. */
  readonly colour?: Value;
  /** `[N, 1, 1]`: brightness divided by contrast, minus 1. */
  readonly meanGain?: Value;
}

/** Adds the inputs that `augmentationFeeds` feeds, for `rows` pictures. */
export function augmentationInputs(graph: Graph, settings: AugmentationSettings, rows: Dimension): AugmentationValues {
  return {
    ...(movesPixels(settings) ? { theta: graph.input('augmentation.theta', 'float32', [rows, 2, 3]) } : {}),
    ...(changesColours(settings)
      ? {
          colour: graph.input('augmentation.colour', 'float32', [rows, 3, 3]),
          meanGain: graph.input('augmentation.meanGain', 'float32', [rows, 1, 1]),
        }
      : {}),
  };
}

/**
 * Augments pictures, float32 `[N, 3, H, W]` from 0 to 1, N, H and W known: an affine warp, and a change of colours.
 *
 * The warp interpolates linearly, or takes the nearest pixel where all pixels land on pixels. The colours `x` of a picture
 * become `y = colour x` and then `clip(y + mean(y) * meanGain, 0, 1)`, which is saturation, channel gain, then
 * `(x - mean) * contrast + mean * brightness`, the mean being over all pixels and channels. No gradient is meant to flow
 * through any of this.
 */
export function augmentImages(image: Value, parameters: AugmentationValues, settings: AugmentationSettings): Value {
  const moved = parameters.theta === undefined ? image : warp(image, parameters.theta, settings);
  const { colour, meanGain } = parameters;
  return colour === undefined || meanGain === undefined ? moved : recolour(moved, colour, meanGain);
}

function warp(image: Value, theta: Value, settings: AugmentationSettings): Value {
  const size = int64(image, staticShape(image.shape, 'augmentation'), 'size');
  const [grid] = image.graph.apply('AffineGrid', [theta, size], { alignCorners: 0 });
  const sample = (pixels: Value): Value =>
    image.graph.apply('GridSample', [pixels, grid], {
      alignCorners: 0,
      mode: fallsBetweenPixels(settings) ? 'linear' : 'nearest',
      paddingMode: settings.fill === 'nearest' ? 'border' : 'zeros',
    })[0];
  // GridSample pads with zeros alone: white is made the zero for as long as it takes.
  return settings.fill === 'white' ? add(sample(sub(image, 1)), 1) : sample(image);
}

function recolour(image: Value, colour: Value, meanGain: Value): Value {
  const [rows, channels, height, width] = staticShape(image.shape, 'augmentation');
  const mixed = matMul(colour, reshape(image, [rows, channels, height * width]));
  const mean = reduceMean(mixed, [1, 2], true);
  return reshape(clip(add(mixed, mul(mean, meanGain)), 0, 1), [rows, channels, height, width]);
}
