import { type AugmentationSample, type AugmentationSettings, fallsBetweenPixels, movesPixels } from './augmentation.ts';

/** Pictures side by side: 8-bit RGB, `[count, height, width, 3]`. */
export interface PackedImages {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Moves the pixels of each picture by its affine map: a pixel of the new picture is read at `theta` times its place in the
 * old one (both from -1 to 1 across the picture, pixels being areas, not points). In between pixels it is interpolated
 * linearly and rounded to 8 bits; where the settings land on pixels alone, they are copied. Beyond the picture there is its
 * fill: a colour, mixed in at the border, or for `nearest` the outermost pixels.
 *
 * Pictures that nothing moves are given back as they are. This runs beside the engine's own threads: onnxruntime's
 * GridSample, which does the same, uses one thread only, and a training step would wait for it.
 */
export function warpImages(
  images: PackedImages,
  { theta }: Pick<AugmentationSample, 'theta'>,
  settings: AugmentationSettings,
): Uint8Array {
  if (!movesPixels(settings)) return images.data;
  const length = 3 * images.width * images.height;
  const warped = new Uint8Array(images.data.length);
  const warp = fallsBetweenPixels(settings) ? interpolate : copy;
  for (let row = 0; row < images.count; row++) {
    const from = images.data.subarray(row * length, (row + 1) * length);
    const to = warped.subarray(row * length, (row + 1) * length);
    warp(from, to, images, inPixels(theta.subarray(row * 6, row * 6 + 6), images), settings.fill);
  }
  return warped;
}

type Size = Pick<PackedImages, 'width' | 'height'>;

/** `x' = a x + b y + c`, `y' = d x + e y + f`, in pixels: 0 is the middle of the first one. */
interface PixelMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

function inPixels([a, b, c, d, e, f]: Float32Array, { width, height }: Size): PixelMap {
  const middle = (length: number) => (length - 1) / 2;
  const [across, down] = [(b * width) / height, (d * height) / width];
  return {
    a,
    b: across,
    c: middle(width) + (c * width) / 2 - a * middle(width) - across * middle(height),
    d: down,
    e,
    f: middle(height) + (f * height) / 2 - down * middle(width) - e * middle(height),
  };
}

const clamp = (place: number, last: number): number => Math.max(0, Math.min(last, place));

function interpolate(
  from: Uint8Array,
  to: Uint8Array,
  { width, height }: Size,
  map: PixelMap,
  fill: AugmentationSettings['fill'],
): void {
  const background = fill === 'white' ? 255 : 0;
  const [right, bottom] = [width - 1, height - 1];
  const read = (x: number, y: number, channel: number): number => {
    if (fill === 'nearest') return from[(clamp(y, bottom) * width + clamp(x, right)) * 3 + channel];
    return x < 0 || y < 0 || x > right || y > bottom ? background : from[(y * width + x) * 3 + channel];
  };
  let place = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++, place += 3) {
      const x = map.a * column + map.b * row + map.c;
      const y = map.d * column + map.e * row + map.f;
      if (x >= 0 && y >= 0 && x < right && y < bottom) {
        const left = x | 0;
        const top = y | 0;
        const wx = x - left;
        const wy = y - top;
        const at = (top * width + left) * 3;
        const under = at + 3 * width;
        const w00 = (1 - wx) * (1 - wy);
        const w01 = wx * (1 - wy);
        const w10 = (1 - wx) * wy;
        const w11 = wx * wy;
        for (let c = 0; c < 3; c++) {
          to[place + c] =
            w00 * from[at + c] + w01 * from[at + 3 + c] + w10 * from[under + c] + w11 * from[under + 3 + c] + 0.5;
        }
        continue;
      }
      const left = Math.floor(x);
      const top = Math.floor(y);
      const wx = x - left;
      const wy = y - top;
      for (let c = 0; c < 3; c++) {
        const above = (1 - wx) * read(left, top, c) + wx * read(left + 1, top, c);
        const below = (1 - wx) * read(left, top + 1, c) + wx * read(left + 1, top + 1, c);
        to[place + c] = (1 - wy) * above + wy * below + 0.5;
      }
    }
  }
}

function copy(
  from: Uint8Array,
  to: Uint8Array,
  { width, height }: Size,
  map: PixelMap,
  fill: AugmentationSettings['fill'],
): void {
  const background = fill === 'white' ? 255 : 0;
  let place = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++, place += 3) {
      const x = Math.round(map.a * column + map.b * row + map.c);
      const y = Math.round(map.d * column + map.e * row + map.f);
      const inside = x >= 0 && y >= 0 && x < width && y < height;
      const source = (clamp(y, height - 1) * width + clamp(x, width - 1)) * 3;
      for (let c = 0; c < 3; c++) to[place + c] = inside || fill === 'nearest' ? from[source + c] : background;
    }
  }
}
