import type { RgbImage } from './rgb-image.ts';
import { triangleShares } from './triangle-shares.ts';

/** Bits behind the binary point of a weight. A sum of 255 times weights that add up to 1 stays within 31 bits. */
const fractionBits = 22;
const half = 1 << (fractionBits - 1);

/** For each output place, the input places it mixes and in which shares. */
interface Weights {
  /** First input place of each output place. */
  readonly first: Int32Array;
  /** How many input places each output place mixes. */
  readonly count: Int32Array;
  /** `taps` weights an output place, in units of 2^-22; those beyond its `count` are 0. */
  readonly weight: Int32Array;
  readonly taps: number;
}

/**
 * Resizes by a separable triangle filter, antialiased, with half-pixel centres: output place `i` lies at
 * `c = (i + 0.5) * s` of the input, `s = input / output`, and weighs input place `j` with
 * `max(0, 1 - |j + 0.5 - c| / max(s, 1))`, the weights scaled to the sum 1; places outside the picture do not count.
 *
 * First along rows, then along columns, each to 8 bits, with weights of 22 fractional bits and halves rounded up: byte for
 * byte what Pillow's `resize(..., BILINEAR)` gives. (Its recent versions go along columns first where the height shrinks by
 * far more than the width; there they differ by 1.) ONNX's `Resize`, linear with antialias and exclude_outside, is within 1.
 * Each side is scaled for itself.
 *
 * @throws if a target side is not a positive whole number.
 */
export function resizeTriangle(image: RgbImage, width: number, height: number): RgbImage {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new Error(`cannot resize to ${width} x ${height}: both sides have to be whole numbers of at least 1`);
    }
  }
  const narrowed = width === image.width ? image : resizeRows(image, width);
  return height === image.height ? { ...narrowed, data: ownData(image, narrowed) } : resizeColumns(narrowed, height);
}

/** A copy where nothing was resized, so that the result never shares memory with the input. */
function ownData(image: RgbImage, result: RgbImage): Uint8Array {
  return result.data === image.data ? Uint8Array.from(image.data) : result.data;
}

function triangleWeights(input: number, output: number): Weights {
  const { first, count, share, taps } = triangleShares(input, output);
  return { first, count, weight: Int32Array.from(share, (value) => Math.trunc(value * 2 ** fractionBits + 0.5)), taps };
}

function resizeRows(image: RgbImage, width: number): RgbImage {
  const { first, count, weight, taps } = triangleWeights(image.width, width);
  const source = image.data;
  const data = new Uint8Array(image.height * width * 3);
  let to = 0;
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width * 3;
    for (let x = 0; x < width; x++) {
      let red = half;
      let green = half;
      let blue = half;
      let from = row + first[x] * 3;
      const start = x * taps;
      for (let tap = start; tap < start + count[x]; tap++) {
        const share = weight[tap];
        // Integers throughout: without `imul` the engine has to allow for products that are none.
        red = (red + Math.imul(source[from], share)) | 0;
        green = (green + Math.imul(source[from + 1], share)) | 0;
        blue = (blue + Math.imul(source[from + 2], share)) | 0;
        from += 3;
      }
      data[to] = toByte(red);
      data[to + 1] = toByte(green);
      data[to + 2] = toByte(blue);
      to += 3;
    }
  }
  return { width, height: image.height, data };
}

function resizeColumns(image: RgbImage, height: number): RgbImage {
  const { first, count, weight, taps } = triangleWeights(image.height, height);
  const stride = image.width * 3;
  const data = new Uint8Array(height * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    for (let tap = 0; tap < count[y]; tap++) {
      const share = weight[y * taps + tap];
      const row = (first[y] + tap) * stride;
      for (let i = 0; i < stride; i++) sums[i] += Math.imul(image.data[row + i], share);
    }
    for (let i = 0; i < stride; i++) data[y * stride + i] = toByte(sums[i]);
  }
  return { width: image.width, height, data };
}

/** Drops the fraction. Rounded weights may add up to a little more than 1, so white is held at 255. */
function toByte(sum: number): number {
  return Math.min(sum >> fractionBits, 255);
}
