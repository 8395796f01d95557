import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { colourHistogram } from '../../pictures/features/colour-histogram.ts';
import { hog } from '../../pictures/features/hog.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';
import type { ImageFeatures } from './feature-relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';

/** Features that nothing was learnt for. */
export type UnlearntKind = 'pixels' | 'colour' | 'hog';

/** Pixels a side of the pictures that are compared by their pixels: enough to tell them apart, at 12 kB each. */
const pixelsSide = 32;
/** Pixels a side, at most, of the pictures that HOG is taken of. */
const hogSide = 64;

/**
 * Features of images, from pixels as the cache prepares them: `pixels`, brought to 32 x 32, numbers from 0 to 1; `colour`,
 * see `colourHistogram`; `hog`, brought to at most 64 x 64, in cells of 8 x 8 pixels, of a quarter of the side below 32.
 *
 * @throws UnreadableImageError if an image has gone since it was looked at.
 */
export async function unlearntImageFeatures(
  images: RelevanceImages,
  kind: UnlearntKind,
  pixels: PixelCache,
): Promise<ImageFeatures> {
  const { width, height } = pixels.rule;
  let data = new Float32Array(0);
  let dimension = 0;
  for (const [image, place] of images.places.entries()) {
    const [prepared] = await pixels.load([place]);
    const feature = featureOf({ width, height, data: prepared }, kind);
    if (image === 0) {
      dimension = feature.length;
      data = new Float32Array(images.places.length * dimension);
    }
    data.set(feature, image * dimension);
  }
  return { data, dimension };
}

function featureOf(picture: RgbImage, kind: UnlearntKind): ArrayLike<number> {
  if (kind === 'colour') return colourHistogram(picture);
  if (kind === 'pixels') return Float32Array.from(shrunk(picture, pixelsSide).data, (value) => value / 255);
  const small = shrunk(picture, hogSide);
  const cellSize = Math.min(8, Math.max(1, Math.floor(Math.min(small.width, small.height) / 4)));
  return hog(small, { cellSize });
}

/** The picture with neither side longer than `side`. */
function shrunk(picture: RgbImage, side: number): RgbImage {
  return resizeTriangle(picture, Math.min(picture.width, side), Math.min(picture.height, side));
}
