import { z } from 'zod';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { colourHistogram } from '../../pictures/features/colour-histogram.ts';
import { featureRows, hogFeature, largestSide, pixelsFeature } from '../../pictures/features/unlearnt-feature.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { resizeTriangle } from '../../pictures/preparation/resize.ts';
import { defineRelevance } from './define-relevance.ts';
import { featureRelevance, type ImageFeatures } from './feature-relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';
import { withTotals } from './total-relevance.ts';
import { nothingBehind } from './typed-relevance.ts';

/** Pixels a side of the pictures that are compared by their pixels: enough to tell them apart, at 12 kB each. */
const pixelsSide = 32;

/** Pixels, brought to 32 x 32: numbers from 0 to 1. */
export const pixelsRelevance = byFeature('pixels', (picture) => pixelsFeature(shrunk(picture, pixelsSide)));
/** See `colourHistogram`. */
export const colourRelevance = byFeature('colour', colourHistogram);
/** Histograms of oriented gradients of the picture, brought to at most 64 x 64; see `hogFeature`. */
export const hogRelevance = byFeature('hog', (picture) => hogFeature(shrunk(picture, largestSide)));

/** Relevance by features that nothing was learnt for, of pixels as the cache prepares them; see `featureRelevance`. */
function byFeature<const Name extends string>(name: Name, featureOf: (picture: RgbImage) => ArrayLike<number>) {
  return defineRelevance({
    schema: z.strictObject({ kind: z.literal(name) }),
    forms: [name],
    parse: (behind) => nothingBehind(name, behind),
    behind: () => undefined,
    async load(_, { images, categories, seed, pixels }) {
      const features = await featuresOf(images, pixels, featureOf);
      return withTotals(categories, featureRelevance(features, categories, images.twins, seed), seed);
    },
  });
}

/** @throws UnreadableImageError if an image has gone since it was looked at. */
function featuresOf(
  images: RelevanceImages,
  pixels: PixelCache,
  featureOf: (picture: RgbImage) => ArrayLike<number>,
): Promise<ImageFeatures> {
  const { width, height } = pixels.rule;
  return featureRows(images.places.length, async (image) => {
    const [data] = await pixels.load([images.places[image]]);
    return featureOf({ width, height, data });
  });
}

/** The picture with neither side longer than `side`. */
function shrunk(picture: RgbImage, side: number): RgbImage {
  return resizeTriangle(picture, Math.min(picture.width, side), Math.min(picture.height, side));
}
