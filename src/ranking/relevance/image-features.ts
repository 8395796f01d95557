import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { colourHistogram } from '../../pictures/features/colour-histogram.ts';
import { featureRows, hogFeature, largestSide, pixelsFeature } from '../../pictures/features/unlearnt-feature.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';
import type { ImageFeatures } from './feature-relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';

/** Features that nothing was learnt for. */
export type UnlearntKind = 'pixels' | 'colour' | 'hog';

/** Pixels a side of the pictures that are compared by their pixels: enough to tell them apart, at 12 kB each. */
const pixelsSide = 32;

/**
 * Features of images, from pixels as the cache prepares them: `pixels`, brought to 32 x 32, numbers from 0 to 1; `colour`,
 * see `colourHistogram`; `hog`, brought to at most 64 x 64, see `hogFeature`.
 *
 * @throws UnreadableImageError if an image has gone since it was looked at.
 */
export async function unlearntImageFeatures(
  images: RelevanceImages,
  kind: UnlearntKind,
  pixels: PixelCache,
): Promise<ImageFeatures> {
  const { width, height } = pixels.rule;
  return featureRows(images.places.length, async (image) => {
    const [data] = await pixels.load([images.places[image]]);
    return featureOf({ width, height, data }, kind);
  });
}

function featureOf(picture: RgbImage, kind: UnlearntKind): ArrayLike<number> {
  if (kind === 'colour') return colourHistogram(picture);
  return kind === 'pixels' ? pixelsFeature(shrunk(picture, pixelsSide)) : hogFeature(shrunk(picture, largestSide));
}

/** The picture with neither side longer than `side`. */
function shrunk(picture: RgbImage, side: number): RgbImage {
  return resizeTriangle(picture, Math.min(picture.width, side), Math.min(picture.height, side));
}
