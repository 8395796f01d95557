// AssemblyScript, compiled by tools/make-kernels.mjs. The two passes of `resizeTriangle` (src/pictures/preparation/resize.ts): sums of
// bytes times weights of 22 fractional bits. A weight is taken in two parts of 11 bits, so that one instruction multiplies
// eight 16-bit numbers and adds them in pairs; the parts meet in 32-bit integers, so that every sum is exact.

/** Halves are rounded up: 2^21 is added before the 22 fractional bits are dropped. */
const half: i32 = 1 << 21;

/**
 * Along rows: `rows` rows of RGB pixels at `source`, `stride` bytes each, become rows of `width` pixels at `target`,
 * `targetStride` bytes each.
 *
 * `table` has for each place of a new row: the byte in the old row where it begins to read, how many groups of four pixels
 * it reads, and `4 * groups` pairs of 16-bit weights: of a group, the upper parts of its pixels 0 and 1, of 2 and 3, then
 * the lower parts. An entry takes `entryBytes`. Up to 16 bytes behind what is read or written are touched.
 */
export function resizeRows(
  source: usize,
  rows: i32,
  stride: usize,
  table: usize,
  entryBytes: usize,
  target: usize,
  targetStride: usize,
  width: i32,
): void {
  // Two rows at a time share what is read of the table; an odd last row is its own partner.
  for (let row = 0; row < rows; row += 2) {
    const first = source + <usize>row * stride;
    const second = row + 1 < rows ? first + stride : first;
    let to = target + <usize>row * targetStride;
    const partner = row + 1 < rows ? targetStride : 0;
    let entry = table;
    for (let place = 0; place < width; place++) {
      let upper1 = i32x4.splat(0);
      let lower1 = i32x4.splat(half);
      let upper2 = i32x4.splat(0);
      let lower2 = i32x4.splat(half);
      let from = <usize>load<i32>(entry);
      let weights = entry + 8;
      const end = weights + ((<usize>load<i32>(entry, 4)) << 4);
      while (weights < end) {
        const upper01 = v128.load_splat<i32>(weights);
        const upper23 = v128.load_splat<i32>(weights, 4);
        const lower01 = v128.load_splat<i32>(weights, 8);
        const lower23 = v128.load_splat<i32>(weights, 12);
        const four1 = v128.load(first + from);
        const red01a = leftPair(four1);
        const red23a = rightPair(four1);
        upper1 = i32x4.add(upper1, i32x4.add(i32x4.dot_i16x8_s(red01a, upper01), i32x4.dot_i16x8_s(red23a, upper23)));
        lower1 = i32x4.add(lower1, i32x4.add(i32x4.dot_i16x8_s(red01a, lower01), i32x4.dot_i16x8_s(red23a, lower23)));
        const four2 = v128.load(second + from);
        const red01b = leftPair(four2);
        const red23b = rightPair(four2);
        upper2 = i32x4.add(upper2, i32x4.add(i32x4.dot_i16x8_s(red01b, upper01), i32x4.dot_i16x8_s(red23b, upper23)));
        lower2 = i32x4.add(lower2, i32x4.add(i32x4.dot_i16x8_s(red01b, lower01), i32x4.dot_i16x8_s(red23b, lower23)));
        from += 12;
        weights += 16;
      }
      // Four bytes, of which the next pixel overwrites the last.
      v128.store_lane<i32>(to, pixelOf(upper1, lower1), 0);
      v128.store_lane<i32>(to + partner, pixelOf(upper2, lower2), 0);
      to += 3;
      entry += entryBytes;
    }
  }
}

/**
 * Along columns: one new row of `bytes` bytes at `target` from rows in a ring of `ringRows` rows of `stride` bytes at
 * `ring`, of which `first` is the first that counts. `weights` has four 16-bit numbers for each two rows: their upper parts
 * and their lower parts. Works in steps of 16 bytes.
 */
export function resizeColumns(
  ring: usize,
  ringRows: i32,
  stride: usize,
  first: i32,
  weights: usize,
  pairs: i32,
  target: usize,
  bytes: i32,
): void {
  const behind = ring + <usize>ringRows * stride;
  for (let column: i32 = 0; column < bytes; column += 16) {
    let upper0 = i32x4.splat(0);
    let upper1 = i32x4.splat(0);
    let upper2 = i32x4.splat(0);
    let upper3 = i32x4.splat(0);
    let lower0 = i32x4.splat(half);
    let lower1 = i32x4.splat(half);
    let lower2 = i32x4.splat(half);
    let lower3 = i32x4.splat(half);
    let row = ring + <usize>first * stride;
    let weight = weights;
    for (let pair = 0; pair < pairs; pair++) {
      const a = v128.load(row + column);
      row += stride;
      if (row === behind) row = ring;
      const b = v128.load(row + column);
      row += stride;
      if (row === behind) row = ring;
      const upper = v128.load_splat<i32>(weight);
      const lower = v128.load_splat<i32>(weight, 4);
      const left = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const right = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const pairs0 = i16x8.extend_low_i8x16_u(left);
      const pairs1 = i16x8.extend_high_i8x16_u(left);
      const pairs2 = i16x8.extend_low_i8x16_u(right);
      const pairs3 = i16x8.extend_high_i8x16_u(right);
      upper0 = i32x4.add(upper0, i32x4.dot_i16x8_s(pairs0, upper));
      lower0 = i32x4.add(lower0, i32x4.dot_i16x8_s(pairs0, lower));
      upper1 = i32x4.add(upper1, i32x4.dot_i16x8_s(pairs1, upper));
      lower1 = i32x4.add(lower1, i32x4.dot_i16x8_s(pairs1, lower));
      upper2 = i32x4.add(upper2, i32x4.dot_i16x8_s(pairs2, upper));
      lower2 = i32x4.add(lower2, i32x4.dot_i16x8_s(pairs2, lower));
      upper3 = i32x4.add(upper3, i32x4.dot_i16x8_s(pairs3, upper));
      lower3 = i32x4.add(lower3, i32x4.dot_i16x8_s(pairs3, lower));
      weight += 8;
    }
    const left = i16x8.narrow_i32x4_s(wholeOf(upper0, lower0), wholeOf(upper1, lower1));
    const right = i16x8.narrow_i32x4_s(wholeOf(upper2, lower2), wholeOf(upper3, lower3));
    v128.store(target + column, i8x16.narrow_i16x8_u(left, right));
  }
}

/** Red, green and blue of the first two of four pixels, widened and in pairs. */
function leftPair(four: v128): v128 {
  return i8x16.swizzle(four, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}

/** The same of the last two. */
function rightPair(four: v128): v128 {
  return i8x16.swizzle(four, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
}

/** The sum without its fraction. */
function wholeOf(upper: v128, lower: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shl(upper, 11), lower), 22);
}

/** Rounded weights may add up to a little more than 1: narrowing holds white at 255. */
function pixelOf(upper: v128, lower: v128): v128 {
  const words = i16x8.narrow_i32x4_s(wholeOf(upper, lower), i32x4.splat(0));
  return i8x16.narrow_i16x8_u(words, words);
}
