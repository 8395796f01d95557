// AssemblyScript, compiled by tools/make-kernels.mjs. Moves the pixels of one picture (src/pictures/augmentation/warp-images.ts), in
// numbers of 64 bits; where two neighbours both lie within the picture, the two at once.

/** What is beyond the picture: the outermost pixels, instead of a colour. */
const outermost: i32 = -1;

/**
 * Reads each pixel of the new picture at `x' = a x + b y + c`, `y' = d x + e y + f` of the old one, in pixels, linearly
 * between pixels and rounded to 8 bits. Beyond the picture there is the grey `fill`, or for -1 the outermost pixels. Up to 8
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
  const one = f64x2.splat(1);
  const half = f64x2.splat(0.5);
  const stride = <usize>(3 * width);
  const even = width & ~1;
  let to = target;
  for (let row = 0; row < height; row++) {
    const across = b * <f64>row;
    const down = e * <f64>row;
    for (let column = 0; column < even; column += 2) {
      const columns = f64x2(<f64>column, <f64>(column + 1));
      const x = f64x2.add(f64x2.add(f64x2.mul(f64x2.splat(a), columns), f64x2.splat(across)), f64x2.splat(c));
      const y = f64x2.add(f64x2.add(f64x2.mul(f64x2.splat(d), columns), f64x2.splat(down)), f64x2.splat(f));
      const fromFirst = v128.and(f64x2.ge(x, zero), f64x2.ge(y, zero));
      if (i64x2.all_true(v128.and(fromFirst, v128.and(f64x2.lt(x, right), f64x2.lt(y, bottom))))) {
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
      } else {
        interpolateOne(source, to, width, height, fill, f64x2.extract_lane(x, 0), f64x2.extract_lane(y, 0));
        interpolateOne(source, to + 3, width, height, fill, f64x2.extract_lane(x, 1), f64x2.extract_lane(y, 1));
      }
      to += 6;
    }
    if (even < width) {
      const column = <f64>even;
      interpolateOne(source, to, width, height, fill, a * column + across + c, d * column + down + f);
      to += 3;
    }
  }
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
