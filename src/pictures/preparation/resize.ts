import { wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { checkRgbImage } from '../decoding/check-rgb-image.ts';
import type { RgbImage } from '../decoding/rgb-image.ts';
import { kernelWorkspace, pixelKernels } from './pixel-kernels.ts';
import { type TriangleShares, triangleShares } from './triangle-shares.ts';

/** Bits behind the binary point of a weight. A sum of 255 times weights that add up to 1 stays within 31 bits. */
const fractionBits = 22;
/** The lower part of a weight; the upper part has no more bits, so that both are numbers of 16 bits with a sign. */
const lowerBits = 11;
/** Old rows are handed to the kernel in strips of about this size, which a core's own cache holds. */
const bytesAStrip = 65_536;

/** A part of a picture in pixels. */
export interface PictureWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const side = wholeNumber(1);

/**
 * Resizes by a separable triangle filter, antialiased, with half-pixel centres: output place `i` lies at
 * `c = (i + 0.5) * s` of the input, `s = input / output`, and weighs input place `j` with
 * `max(0, 1 - |j + 0.5 - c| / max(s, 1))`, the weights scaled to the sum 1; places outside the picture do not count.
 *
 * First along rows, then along columns, each to 8 bits, with weights of 22 fractional bits and halves rounded up: byte for
 * byte what Pillow's `resize(..., BILINEAR)` gives. (Its recent versions go along columns first where the height shrinks by
 * far more than the width; there they differ by 1.) ONNX's `Resize`, linear with antialias and exclude_outside, is within 1.
 * Each side is scaled for itself. With a window that part of the result alone is computed, with the same bytes.
 *
 * @throws UsageError if a target side is not a positive whole number.
 */
export function resizeTriangle(image: RgbImage, width: number, height: number, window?: PictureWindow): RgbImage {
  checkRgbImage(image, 'image');
  checkArgument(width, side, 'width');
  checkArgument(height, side, 'height');
  const same = width === image.width && height === image.height;
  if (same && window === undefined) return { ...image, data: Uint8Array.from(image.data) };
  const { left, top, ...part } = window ?? { left: 0, top: 0, width, height };
  const across = triangleShares(image.width, width, left, part.width);
  const down = triangleShares(image.height, height, top, part.height);
  return resizeByShares(image, across, down);
}

/** Along rows, then along columns. */
function resizeByShares(image: RgbImage, across: TriangleShares, down: TriangleShares): RgbImage {
  const [width, height] = [across.first.length, down.first.length];
  const stride = 3 * image.width;
  const stripRows = Math.max(1, Math.floor(bytesAStrip / stride));
  const entryBytes = 8 + 16 * Math.ceil(across.taps / 4);
  const pairs = Math.ceil(down.taps / 2);
  // Rows of the new width, as many as a new row is made of. The kernel writes in fours: a byte more than there are.
  const ring = { rows: 2 * pairs, stride: 16 * Math.ceil((3 * width + 1) / 16) };
  const at = kernelWorkspace({
    rowTable: entryBytes * width,
    columnTable: 8 * pairs * height,
    strip: stride * stripRows,
    ring: ring.stride * ring.rows,
    result: ring.stride,
  });
  writeRowTable(new Int16Array(at.buffer, at.rowTable, (entryBytes / 2) * width), across, entryBytes / 2);
  writeColumnTable(new Int16Array(at.buffer, at.columnTable, 4 * pairs * height), down, 4 * pairs);
  const memory = new Uint8Array(at.buffer);
  const data = new Uint8Array(3 * width * height);
  // Rows above the window go into no new row.
  let done = down.first[0];
  for (let y = 0; y < height; y++) {
    const end = down.first[y] + down.count[y];
    while (done < end) {
      const place = done % ring.rows;
      const rows = Math.min(end - done, stripRows, ring.rows - place);
      memory.set(image.data.subarray(done * stride, (done + rows) * stride), at.strip);
      const to = at.ring + place * ring.stride;
      pixelKernels.resizeRows(at.strip, rows, stride, at.rowTable, entryBytes, to, ring.stride, width);
      done += rows;
    }
    const first = down.first[y] % ring.rows;
    const weights = at.columnTable + 8 * pairs * y;
    pixelKernels.resizeColumns(at.ring, ring.rows, ring.stride, first, weights, pairs, at.result, 3 * width);
    data.set(memory.subarray(at.result, at.result + 3 * width), y * 3 * width);
  }
  return { width, height, data };
}

/** The table of `resizeRows` in kernels/resize.ts; an entry takes `length` numbers of 16 bits. */
function writeRowTable(table: Int16Array, shares: TriangleShares, length: number): void {
  table.fill(0);
  const head = new Int32Array(table.buffer, table.byteOffset, table.length / 2);
  for (let place = 0; place < shares.first.length; place++) {
    head[(place * length) / 2] = 3 * shares.first[place];
    head[(place * length) / 2 + 1] = Math.ceil(shares.count[place] / 4);
    for (let tap = 0; tap < shares.count[place]; tap++) {
      const weight = weightOf(shares.share[place * shares.taps + tap]);
      const at = place * length + 4 + 8 * (tap >> 2) + (tap & 3);
      table[at] = weight >> lowerBits;
      table[at + 4] = weight & (2 ** lowerBits - 1);
    }
  }
}

/** The weights of `resizeColumns` in kernels/resize.ts for every new row; each takes `length` numbers of 16 bits. */
function writeColumnTable(table: Int16Array, shares: TriangleShares, length: number): void {
  table.fill(0);
  for (let place = 0; place < shares.first.length; place++) {
    for (let tap = 0; tap < shares.count[place]; tap++) {
      const weight = weightOf(shares.share[place * shares.taps + tap]);
      const at = place * length + 4 * (tap >> 1) + (tap & 1);
      table[at] = weight >> lowerBits;
      table[at + 2] = weight & (2 ** lowerBits - 1);
    }
  }
}

/** A share in units of 2^-22. */
function weightOf(share: number): number {
  return Math.trunc(share * 2 ** fractionBits + 0.5);
}
