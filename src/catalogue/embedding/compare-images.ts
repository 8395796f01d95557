import { calibratedShare } from '../../evaluation/calibration/calibrated-share.ts';
import type { AlikeShare } from '../../evaluation/calibration/share-alike.ts';
import { oneOf, optional } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import { cosine } from '../../ranking/distances/cosine.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName, searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { checkEmbedder, type Embedder } from './embedder.ts';

/** How two images are compared. */
export interface CompareImagesOptions {
  /** What the embeddings are compared by. Default: the model's own distance. */
  readonly distance?: SearchDistanceName;
}

/** How much alike two images are to a model. */
export interface Comparison {
  /** By the distance `by`: 0 for the same picture. */
  readonly distance: number;
  readonly by: SearchDistanceName;
  /** Cosine of the angle between the embeddings: 1 for the same picture, at least -1. */
  readonly similarity: number;
  /** What the model's calibration says of this distance; undefined where it has none, or of another distance. */
  readonly alike: AlikeShare | undefined;
}

/**
 * Compares two images, each a path, a file URL, bytes or pixels.
 *
 * @throws UnreadableImageError if one cannot be decoded.
 */
export async function compareImages(
  embedder: Embedder,
  first: ImageArgument,
  second: ImageArgument,
  options: CompareImagesOptions = {},
): Promise<Comparison> {
  checkEmbedder(embedder, 'embedder');
  checkOptions(options, { distance: optional(oneOf(searchDistanceNames)) });
  const { metadata } = embedder.model;
  const by = options.distance ?? metadata.distance;
  const [a, b] = await embedder.embedImages([first, second]);
  const distance = searchDistanceByName(by).between(a, b);
  return {
    distance,
    by,
    similarity: 1 - cosine.between(a, b),
    alike: calibratedShare(metadata.calibration, by, distance),
  };
}
