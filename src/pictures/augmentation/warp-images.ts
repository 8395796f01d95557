import { kernelWorkspace, pixelKernels } from '../preparation/pixel-kernels.ts';
import { type AugmentationSample, type AugmentationSettings, fallsBetweenPixels, movesPixels } from './augmentation.ts';
import { pixelMap } from './pixel-map.ts';

/** Pictures side by side: 8-bit RGB, `[count, height, width, 3]`. */
export interface PackedImages {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What the kernel takes for what is beyond the picture: a grey, or -1 for the outermost pixels. */
const fillCodes: Readonly<Record<AugmentationSettings['fill'], number>> = { white: 255, black: 0, nearest: -1 };

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
  const { width, height } = images;
  const length = 3 * width * height;
  const warped = new Uint8Array(images.data.length);
  const warp = fallsBetweenPixels(settings) ? pixelKernels.interpolate : pixelKernels.copy;
  const at = kernelWorkspace({ source: length, target: length });
  const memory = new Uint8Array(at.buffer);
  for (let row = 0; row < images.count; row++) {
    memory.set(images.data.subarray(row * length, (row + 1) * length), at.source);
    const { a, b, c, d, e, f } = pixelMap(theta.subarray(row * 6, row * 6 + 6), images);
    warp(at.source, at.target, width, height, fillCodes[settings.fill], a, b, c, d, e, f);
    warped.set(memory.subarray(at.target, at.target + length), row * length);
  }
  return warped;
}
