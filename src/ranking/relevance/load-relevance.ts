import { createHash } from 'node:crypto';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { ordinaryFilePieces } from '../../foundation/files/ordinary-file.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import { categoriesOf } from './categories.ts';
import { featureRelevance, type ImageFeatures } from './feature-relevance.ts';
import { unlearntImageFeatures } from './image-features.ts';
import { labelRelevance } from './label-relevance.ts';
import { metadataRelevance } from './metadata-relevance.ts';
import { pairScores } from './pair-scores.ts';
import type { Relevance } from './relevance.ts';
import type { RelevanceConfig } from './relevance-config.ts';
import { type RelevanceImages, recordOf } from './relevance-images.ts';
import { withTotals } from './total-relevance.ts';

/** Embeddings of images by a model file, one row an image. */
export type EmbedByModel = (file: string, sources: readonly ImageSource[]) => Promise<ImageFeatures>;

/** What relevance is made from, beside the images. */
export interface LoadRelevanceOptions {
  /** How many leading parts of a class's name are its category; see `categoriesOf`. */
  readonly categoryLevels: number;
  /** Decides samples: of a feature's scale, and of totals that are estimated. */
  readonly seed: number;
  /** The pixels that features are taken of. */
  readonly pixels: PixelCache;
  /** Needed where relevance is by a model. */
  readonly embedByModel?: EmbedByModel | undefined;
}

/**
 * Relevance of images as a configuration says.
 *
 * @throws if a file cannot be read or makes no sense, or an image has no class; see the kinds.
 */
export async function loadRelevance(
  config: RelevanceConfig,
  images: RelevanceImages,
  { categoryLevels, seed, pixels, embedByModel }: LoadRelevanceOptions,
): Promise<Relevance> {
  const categories = categoriesOf(images, categoryLevels);
  switch (config.kind) {
    case 'labels':
      return labelRelevance(images, categories, config.decay);
    case 'pairs':
      return pairScores(images, categories, config.file);
    case 'metadata':
      return withTotals(categories, await metadataRelevance(images, config.file), seed);
    case 'model': {
      if (embedByModel === undefined) {
        throw new DatasetError(
          `relevance by the model '${config.file}' needs something that embeds by it: give 'embedByModel'`,
        );
      }
      const sources = images.places.map((_, image) => recordOf(images, image).source);
      const features = await embedByModel(config.file, sources);
      return withTotals(categories, featureRelevance(features, categories, images.twins, seed), seed);
    }
    case 'pixels':
    case 'colour':
    case 'hog': {
      const features = await unlearntImageFeatures(images, config.kind, pixels);
      return withTotals(categories, featureRelevance(features, categories, images.twins, seed), seed);
    }
  }
}

/** SHA-256 of the file that relevance comes from; empty where there is none. @throws if it cannot be read. */
export async function relevanceFileHash(config: RelevanceConfig): Promise<string> {
  if (!('file' in config)) return '';
  const hash = createHash('sha256');
  try {
    for await (const bytes of ordinaryFilePieces(config.file)) hash.update(bytes);
  } catch (error) {
    throw fileError('read', config.file, error);
  }
  return hash.digest('hex');
}
