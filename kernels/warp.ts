// AssemblyScript, compiled by tools/make-kernels.mjs. Moves the pixels of one picture (src/pictures/augmentation/warp-images.ts). What
// counts is numbers of 64 bits; four neighbours that lie within the picture are mixed in 32 bits at once, and again in 64, two at a
// time, where that might round to another byte.

/** What is beyond the picture: the outermost pixels, instead of a colour. */
const outermost: i32 = -1;

/** What sums of four bytes by weights in 32 bits are off by, at most 3e-4, and some more. */
const unsure: f32 = 0.001;

/**
 * Reads each pixel of the new picture at `x' = a x + b y + c`, `y' = d x + e y + f` of the old one, in pixels, linearly
 * between pixels and rounded to 8 bits. Beyond the picture there is the grey `fill`, or for -1 the outermost pixels. Up to 16
 * bytes behind both pictures are touched.
 */
export function interpolate(
  source: usize,
  target: usize,
  width: i32,
  height: i32,
  fill: i32,
  a: f64,
  b: f64,
  c: f64,
  d: f64,
  e: f64,
  f: f64,
): void {
  const right = f64x2.splat(<f64>(width - 1));
  const bottom = f64x2.splat(<f64>(height - 1));
  const zero = f64x2.splat(0);
  const stride = <usize>(3 * width);
  const fours = width & ~3;
  const filled = i8x16.splat(<i8>fill);
  let to = target;
  for (let row = 0; row < height; row++) {
    const across = b * <f64>row;
    const down = e * <f64>row;
    let column = 0;
    for (; column < fours; column += 4) {
      const firstTwo = f64x2(<f64>column, <f64>(column + 1));
      const lastTwo = f64x2(<f64>(column + 2), <f64>(column + 3));
      const x0 = along(a, firstTwo, across, c);
      const x2 = along(a, lastTwo, across, c);
      const y0 = along(d, firstTwo, down, f);
      const y2 = along(d, lastTwo, down, f);
      const fromFirst = v128.and(
        v128.and(f64x2.ge(x0, zero), f64x2.ge(x2, zero)),
        v128.and(f64x2.ge(y0, zero), f64x2.ge(y2, zero)),
      );
      const toLast = v128.and(
        v128.and(f64x2.lt(x0, right), f64x2.lt(x2, right)),
        v128.and(f64x2.lt(y0, bottom), f64x2.lt(y2, bottom)),
      );
      if (i64x2.all_true(v128.and(fromFirst, toLast))) {
        if (mixFour(source, to, width, stride, x0, x2, y0, y2)) {
          to += 12;
          continue;
        }
      } else if (fill !== outermost && isBeyond(x0, x2, <f64>width, y0, y2, <f64>height)) {
        v128.store(to, filled);
        to += 12;
        continue;
      }
      interpolateTwo(source, to, width, height, fill, x0, y0);
      interpolateTwo(source, to + 6, width, height, fill, x2, y2);
      to += 12;
    }
    for (; column < width; column++) {
      const at = <f64>column;
      interpolateOne(source, to, width, height, fill, a * at + across + c, d * at + down + f);
      to += 3;
    }
  }
}

/** Two places along a row, `(by * column + start) + shift`. */
function along(by: f64, columns: v128, start: f64, shift: f64): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(f64x2.splat(by), columns), f64x2.splat(start)), f64x2.splat(shift));
}

/** True if all four places are so far out on one side that they have no part in the picture. */
function isBeyond(x0: v128, x2: v128, width: f64, y0: v128, y2: v128, height: f64): bool {
  const before = f64x2.splat(-1);
  const behind = f64x2.splat(width);
  const below = f64x2.splat(height);
  return (
    i64x2.all_true(v128.and(f64x2.lt(x0, before), f64x2.lt(x2, before))) ||
    i64x2.all_true(v128.and(f64x2.ge(x0, behind), f64x2.ge(x2, behind))) ||
    i64x2.all_true(v128.and(f64x2.lt(y0, before), f64x2.lt(y2, before))) ||
    i64x2.all_true(v128.and(f64x2.ge(y0, below), f64x2.ge(y2, below)))
  );
}

/** Four pixels whose neighbours are all within the picture, in 32 bits; false, and nothing of use, where that is not sure. */
function mixFour(source: usize, to: usize, width: i32, stride: usize, x0: v128, x2: v128, y0: v128, y2: v128): bool {
  const left0 = i32x4.trunc_sat_f64x2_s_zero(x0);
  const left2 = i32x4.trunc_sat_f64x2_s_zero(x2);
  const top0 = i32x4.trunc_sat_f64x2_s_zero(y0);
  const top2 = i32x4.trunc_sat_f64x2_s_zero(y2);
  const wx = joined(
    f32x4.demote_f64x2_zero(f64x2.sub(x0, f64x2.convert_low_i32x4_s(left0))),
    f32x4.demote_f64x2_zero(f64x2.sub(x2, f64x2.convert_low_i32x4_s(left2))),
  );
  const wy = joined(
    f32x4.demote_f64x2_zero(f64x2.sub(y0, f64x2.convert_low_i32x4_s(top0))),
    f32x4.demote_f64x2_zero(f64x2.sub(y2, f64x2.convert_low_i32x4_s(top2))),
  );
  const one = f32x4.splat(1);
  const vx = f32x4.sub(one, wx);
  const vy = f32x4.sub(one, wy);
  const rows = i32x4.mul(joined(top0, top2), i32x4.splat(width));
  const places = i32x4.mul(i32x4.add(rows, joined(left0, left2)), i32x4.splat(3));
  const first = source + <usize>i32x4.extract_lane(places, 0);
  const second = source + <usize>i32x4.extract_lane(places, 1);
  const third = source + <usize>i32x4.extract_lane(places, 2);
  const fourth = source + <usize>i32x4.extract_lane(places, 3);
  // Of the four pixels in turn: four reds of the left neighbours, greens, blues, reds of the right ones; then their greens and blues.
  const aboveA = alternating(v128.load64_zero(first), v128.load64_zero(second));
  const aboveB = alternating(v128.load64_zero(third), v128.load64_zero(fourth));
  const belowA = alternating(v128.load64_zero(first + stride), v128.load64_zero(second + stride));
  const belowB = alternating(v128.load64_zero(third + stride), v128.load64_zero(fourth + stride));
  const above = i16x8.shuffle(aboveA, aboveB, 0, 8, 1, 9, 2, 10, 3, 11);
  const aboveRest = i16x8.shuffle(aboveA, aboveB, 4, 12, 5, 13, 6, 14, 7, 15);
  const below = i16x8.shuffle(belowA, belowB, 0, 8, 1, 9, 2, 10, 3, 11);
  const belowRest = i16x8.shuffle(belowA, belowB, 4, 12, 5, 13, 6, 14, 7, 15);
  const w00 = f32x4.mul(vx, vy);
  const w01 = f32x4.mul(wx, vy);
  const w10 = f32x4.mul(vx, wy);
  const w11 = f32x4.mul(wx, wy);
  const red = mixed(w00, firstBytes(above), w01, fourthBytes(above), w10, firstBytes(below), w11, fourthBytes(below));
  const green = mixed(
    w00,
    secondBytes(above),
    w01,
    firstBytes(aboveRest),
    w10,
    secondBytes(below),
    w11,
    firstBytes(belowRest),
  );
  const blue = mixed(
    w00,
    thirdBytes(above),
    w01,
    secondBytes(aboveRest),
    w10,
    thirdBytes(below),
    w11,
    secondBytes(belowRest),
  );
  const redByte = i32x4.trunc_sat_f32x4_s(red);
  const greenByte = i32x4.trunc_sat_f32x4_s(green);
  const blueByte = i32x4.trunc_sat_f32x4_s(blue);
  if (v128.any_true(v128.or(v128.or(isUnsure(red, redByte), isUnsure(green, greenByte)), isUnsure(blue, blueByte)))) {
    return false;
  }
  const pixels = v128.or(v128.or(redByte, i32x4.shl(greenByte, 8)), i32x4.shl(blueByte, 16));
  // Sixteen bytes, of which the next pixels overwrite the last four.
  v128.store(to, i8x16.shuffle(pixels, pixels, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15));
  return true;
}

/** The first two of each. */
function joined(first: v128, last: v128): v128 {
  return i32x4.shuffle(first, last, 0, 1, 4, 5);
}

/** The sum of four values by their weights, and half. */
function mixed(w00: v128, p00: v128, w01: v128, p01: v128, w10: v128, p10: v128, w11: v128, p11: v128): v128 {
  const top = f32x4.add(f32x4.mul(w00, p00), f32x4.mul(w01, p01));
  const low = f32x4.add(f32x4.mul(w10, p10), f32x4.mul(w11, p11));
  return f32x4.add(f32x4.add(top, low), f32x4.splat(0.5));
}

/** Where a value is so near to a whole number that it may belong to the other side of it. */
function isUnsure(value: v128, whole: v128): v128 {
  const part = f32x4.sub(value, f32x4.convert_i32x4_s(whole));
  return v128.or(f32x4.lt(part, f32x4.splat(unsure)), f32x4.gt(part, f32x4.splat(1 - unsure)));
}

/** Bytes 0 to 3, as numbers of 32 bits. */
function firstBytes(bytes: v128): v128 {
  return f32x4.convert_i32x4_s(
    i8x16.shuffle(bytes, i64x2.splat(0), 0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 3, 16, 16, 16),
  );
}

/** Bytes 4 to 7. */
function secondBytes(bytes: v128): v128 {
  return f32x4.convert_i32x4_s(
    i8x16.shuffle(bytes, i64x2.splat(0), 4, 16, 16, 16, 5, 16, 16, 16, 6, 16, 16, 16, 7, 16, 16, 16),
  );
}

/** Bytes 8 to 11. */
function thirdBytes(bytes: v128): v128 {
  return f32x4.convert_i32x4_s(
    i8x16.shuffle(bytes, i64x2.splat(0), 8, 16, 16, 16, 9, 16, 16, 16, 10, 16, 16, 16, 11, 16, 16, 16),
  );
}

/** Bytes 12 to 15. */
function fourthBytes(bytes: v128): v128 {
  return f32x4.convert_i32x4_s(
    i8x16.shuffle(bytes, i64x2.splat(0), 12, 16, 16, 16, 13, 16, 16, 16, 14, 16, 16, 16, 15, 16, 16, 16),
  );
}

/** Two pixels, wherever they lie; at once where both lie within the picture. */
function interpolateTwo(source: usize, to: usize, width: i32, height: i32, fill: i32, x: v128, y: v128): void {
  const zero = f64x2.splat(0);
  const fromFirst = v128.and(f64x2.ge(x, zero), f64x2.ge(y, zero));
  const toLast = v128.and(f64x2.lt(x, f64x2.splat(<f64>(width - 1))), f64x2.lt(y, f64x2.splat(<f64>(height - 1))));
  if (!i64x2.all_true(v128.and(fromFirst, toLast))) {
    interpolateOne(source, to, width, height, fill, f64x2.extract_lane(x, 0), f64x2.extract_lane(y, 0));
    interpolateOne(source, to + 3, width, height, fill, f64x2.extract_lane(x, 1), f64x2.extract_lane(y, 1));
    return;
  }
  const one = f64x2.splat(1);
  const half = f64x2.splat(0.5);
  const stride = <usize>(3 * width);
  const left = i32x4.trunc_sat_f64x2_s_zero(x);
  const top = i32x4.trunc_sat_f64x2_s_zero(y);
  const wx = f64x2.sub(x, f64x2.convert_low_i32x4_s(left));
  const wy = f64x2.sub(y, f64x2.convert_low_i32x4_s(top));
  const vx = f64x2.sub(one, wx);
  const vy = f64x2.sub(one, wy);
  const w00 = f64x2.mul(vx, vy);
  const w01 = f64x2.mul(wx, vy);
  const w10 = f64x2.mul(vx, wy);
  const w11 = f64x2.mul(wx, wy);
  const places = i32x4.mul(i32x4.add(i32x4.mul(top, i32x4.splat(width)), left), i32x4.splat(3));
  const first = source + <usize>i32x4.extract_lane(places, 0);
  const second = source + <usize>i32x4.extract_lane(places, 1);
  // Of both pixels in turn: red, red, green, green, blue, blue of the left neighbours, then of the right ones.
  const above = alternating(v128.load64_zero(first), v128.load64_zero(second));
  const below = alternating(v128.load64_zero(first + stride), v128.load64_zero(second + stride));
  const above0 = i16x8.extend_low_i8x16_u(above);
  const below0 = i16x8.extend_low_i8x16_u(below);
  const above1 = i16x8.extend_high_i8x16_u(above);
  const below1 = i16x8.extend_high_i8x16_u(below);
  const aboveA = i32x4.extend_low_i16x8_u(above0);
  const belowA = i32x4.extend_low_i16x8_u(below0);
  const aboveB = i32x4.extend_high_i16x8_u(above0);
  const belowB = i32x4.extend_high_i16x8_u(below0);
  const aboveC = i32x4.extend_low_i16x8_u(above1);
  const belowC = i32x4.extend_low_i16x8_u(below1);
  let red = f64x2.mul(w00, lower(aboveA));
  let green = f64x2.mul(w00, upper(aboveA));
  let blue = f64x2.mul(w00, lower(aboveB));
  red = f64x2.add(red, f64x2.mul(w01, upper(aboveB)));
  green = f64x2.add(green, f64x2.mul(w01, lower(aboveC)));
  blue = f64x2.add(blue, f64x2.mul(w01, upper(aboveC)));
  red = f64x2.add(red, f64x2.mul(w10, lower(belowA)));
  green = f64x2.add(green, f64x2.mul(w10, upper(belowA)));
  blue = f64x2.add(blue, f64x2.mul(w10, lower(belowB)));
  red = f64x2.add(f64x2.add(red, f64x2.mul(w11, upper(belowB))), half);
  green = f64x2.add(f64x2.add(green, f64x2.mul(w11, lower(belowC))), half);
  blue = f64x2.add(f64x2.add(blue, f64x2.mul(w11, upper(belowC))), half);
  const greenBits = i32x4.shl(i32x4.trunc_sat_f64x2_s_zero(green), 8);
  const blueBits = i32x4.shl(i32x4.trunc_sat_f64x2_s_zero(blue), 16);
  const pixels = v128.or(v128.or(i32x4.trunc_sat_f64x2_s_zero(red), greenBits), blueBits);
  // Four bytes each, of which the next pixel overwrites the last.
  v128.store_lane<i32>(to, pixels, 0);
  v128.store_lane<i32>(to, pixels, 1, 3);
}

/** The same without a look between pixels: each new pixel is the nearest old one. */
export function copy(
  source: usize,
  target: usize,
  width: i32,
  height: i32,
  fill: i32,
  a: f64,
  b: f64,
  c: f64,
  d: f64,
  e: f64,
  f: f64,
): void {
  let to = target;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = place(Math.round(a * <f64>column + b * <f64>row + c), width);
      const y = place(Math.round(d * <f64>column + e * <f64>row + f), height);
      const offset = offsetOf(width, height, fill, x, y);
      store<u8>(to, <u8>read(source, offset, fill));
      store<u8>(to, <u8>read(source + 1, offset, fill), 1);
      store<u8>(to, <u8>read(source + 2, offset, fill), 2);
      to += 3;
    }
  }
}

/** One pixel, wherever it lies. */
function interpolateOne(source: usize, to: usize, width: i32, height: i32, fill: i32, x: f64, y: f64): void {
  const left = place(Math.floor(x), width);
  const top = place(Math.floor(y), height);
  if (fill !== outermost && (left < -1 || top < -1 || left >= width || top >= height)) {
    store<u8>(to, <u8>fill);
    store<u8>(to, <u8>fill, 1);
    store<u8>(to, <u8>fill, 2);
    return;
  }
  const wx = x - Math.floor(x);
  const wy = y - Math.floor(y);
  const isInside = x >= 0 && y >= 0 && x < <f64>(width - 1) && y < <f64>(height - 1);
  const at00 = offsetOf(width, height, fill, left, top);
  const at01 = offsetOf(width, height, fill, left + 1, top);
  const at10 = offsetOf(width, height, fill, left, top + 1);
  const at11 = offsetOf(width, height, fill, left + 1, top + 1);
  for (let channel: usize = 0; channel < 3; channel++) {
    const p00 = <f64>read(source + channel, at00, fill);
    const p01 = <f64>read(source + channel, at01, fill);
    const p10 = <f64>read(source + channel, at10, fill);
    const p11 = <f64>read(source + channel, at11, fill);
    const sum = isInside
      ? (1 - wx) * (1 - wy) * p00 + wx * (1 - wy) * p01 + (1 - wx) * wy * p10 + wx * wy * p11
      : (1 - wy) * ((1 - wx) * p00 + wx * p01) + wy * ((1 - wx) * p10 + wx * p11);
    store<u8>(to + channel, <u8>(<i32>(sum + 0.5)));
  }
}

/** A whole number as a place; far outside, all places are as good as one. */
function place(whole: f64, length: i32): i32 {
  return <i32>Math.max(-2, Math.min(<f64>(length + 1), whole));
}

/** Where in the old picture a pixel is, or -1 for what is beyond it. */
function offsetOf(width: i32, height: i32, fill: i32, x: i32, y: i32): i32 {
  if (fill === outermost) {
    x = max(0, min(width - 1, x));
    y = max(0, min(height - 1, y));
  } else if (x < 0 || y < 0 || x >= width || y >= height) {
    return -1;
  }
  return (y * width + x) * 3;
}

/** A channel of the old picture, or of what is beyond it. */
function read(source: usize, offset: i32, fill: i32): i32 {
  return offset < 0 ? fill : <i32>load<u8>(source + <usize>offset);
}

/** The first eight bytes of both in turn. */
function alternating(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** The first two of four whole numbers, as numbers of 64 bits. */
function lower(four: v128): v128 {
  return f64x2.convert_low_i32x4_s(four);
}

/** The last two. */
function upper(four: v128): v128 {
  return f64x2.convert_low_i32x4_s(i32x4.shuffle(four, four, 2, 3, 2, 3));
}
