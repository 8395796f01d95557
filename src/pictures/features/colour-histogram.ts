import type { RgbImage } from '../decoding/rgb-image.ts';

/** Ranges of each channel. */
const ranges = 4;

/**
 * The colours of an image: how many of its pixels fall into each of 4 x 4 x 4 boxes of red, green and blue, as square roots
 * of shares, so that the Euclidean distance of two is `sqrt(2)` times Hellinger's. 64 numbers, red slowest; their squares sum
 * to 1.
 *
 * Source: colour indexing, Swain and Ballard 1991.
 */
export function colourHistogram({ data }: RgbImage): Float64Array {
  const boxes = new Float64Array(ranges ** 3);
  const rangeOf = (value: number) => (value * ranges) >> 8;
  for (let at = 0; at < data.length; at += 3) {
    boxes[(rangeOf(data[at]) * ranges + rangeOf(data[at + 1])) * ranges + rangeOf(data[at + 2])]++;
  }
  return boxes.map((count) => Math.sqrt(count / (data.length / 3)));
}
