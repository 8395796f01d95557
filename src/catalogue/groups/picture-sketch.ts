import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';

/** Sides of a sketch: of the whole picture, and of that which windows of nine tenths are cut from. */
const [wholeSide, outerSide] = [27, 30];

/** What a picture looks like from afar: enough to see whether another one is a copy of it. */
export interface PictureSketch {
  /** The luminance of the whole picture, 27 x 27, less its mean, of length 1 (of one that has one colour: 0). */
  readonly whole: Float32Array;
  /** The same mirrored, left for right. */
  readonly mirrored: Float32Array;
  /** The luminance of the whole picture, 30 x 30. */
  readonly outer: Float32Array;
}

/** The sketch of a picture. Luminance is 0.299 R + 0.587 G + 0.114 B of sRGB's values. */
export function sketchOfPicture(picture: RgbImage): PictureSketch {
  const whole = luminance(resizeTriangle(picture, wholeSide, wholeSide));
  const mirrored = whole.map((_, place) => whole[place - 2 * (place % wholeSide) + wholeSide - 1]);
  return {
    whole: centred(whole),
    mirrored: centred(mirrored),
    outer: luminance(resizeTriangle(picture, outerSide, outerSide)),
  };
}

function luminance({ width, height, data }: RgbImage): Float32Array {
  return Float32Array.from(
    { length: width * height },
    (_, place) => 0.299 * data[3 * place] + 0.587 * data[3 * place + 1] + 0.114 * data[3 * place + 2],
  );
}

/** Less its mean, divided by its length. */
function centred(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0));
  // Below half a step of 8 bits there is nothing but rounding.
  return values.map((x) => (length < Math.sqrt(values.length) / 2 ? 0 : (x - mean) / length));
}

/**
 * How alike two pictures look, whatever their size, contrast and brightness: the largest correlation of their luminance, from -1 to 1,
 * of the whole pictures and of one with each of the sixteen windows of nine tenths of the other's width and height, as they are and
 * mirrored. Two pictures of one colour each are alike, one of them and another are not.
 */
export function likeness(a: PictureSketch, b: PictureSketch): number {
  if (isPlain(a) || isPlain(b)) return isPlain(a) && isPlain(b) ? 1 : 0;
  let best = Math.max(dot(a.whole, b.whole), dot(a.whole, b.mirrored));
  for (const [cut, whole] of [
    [a, b],
    [b, a],
  ]) {
    for (let top = 0; top <= outerSide - wholeSide; top++) {
      for (let left = 0; left <= outerSide - wholeSide; left++) {
        const window = centred(windowOf(cut.outer, left, top));
        best = Math.max(best, dot(window, whole.whole), dot(window, whole.mirrored));
      }
    }
  }
  return best;
}

function isPlain({ whole }: PictureSketch): boolean {
  return whole.every((x) => x === 0);
}

function windowOf(outer: Float32Array, left: number, top: number): Float32Array {
  const window = new Float32Array(wholeSide * wholeSide);
  for (let row = 0; row < wholeSide; row++) {
    const begin = (top + row) * outerSide + left;
    window.set(outer.subarray(begin, begin + wholeSide), row * wholeSide);
  }
  return window;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += a[place] * b[place];
  return sum;
}
