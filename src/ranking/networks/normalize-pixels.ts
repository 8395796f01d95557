import type { Value } from '../../graph/builder/graph.ts';
import { div, reduceMean, sub } from '../../graph/builder/operations.ts';
import { float32 } from '../../graph/tensor/tensor.ts';
import type { NetworkConfig } from './network-config.ts';

/**
 * Pixels as the network takes them: (x - mean) / deviation, each one number or one for each channel; of a network for grey
 * pictures the mean of the channels.
 *
 * Shapes: image [N, 3, H, W], values in 0..1, to the same, or [N, 1, H, W].
 */
export function normalizePixels(
  image: Value,
  { grey, pixelMean, pixelDeviation }: Pick<NetworkConfig, 'grey' | 'pixelMean' | 'pixelDeviation'>,
): Value {
  const pixels = grey ? reduceMean(image, [1], true) : image;
  const centred = sub(pixels, perChannel(pixels, pixelMean, 'pixel_mean'));
  return div(centred, perChannel(pixels, pixelDeviation, 'pixel_deviation'));
}

function perChannel({ graph }: Value, given: number | readonly number[], name: string): Value | number {
  if (typeof given === 'number') return given;
  return graph.constant(float32([1, given.length, 1, 1], given), name);
}
