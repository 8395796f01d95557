import { createHash } from 'node:crypto';
import { fileError } from '../../foundation/files/file-error.ts';
import { ordinaryFilePieces } from '../../foundation/files/ordinary-file.ts';
import { categoriesOf } from './categories.ts';
import type { RelevanceMaterial, RelevanceSettings } from './define-relevance.ts';
import type { Relevance } from './relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';
import { type RelevanceConfig, type RelevanceTable, relevanceTable } from './relevance-table.ts';

/** What relevance is made from, beside the images. */
export interface LoadRelevanceOptions extends Omit<RelevanceMaterial, 'images' | 'categories'> {
  /** How many leading parts of a class's name are its category; see `categoriesOf`. */
  readonly categoryLevels: number;
}

/**
 * Relevance of images as a configuration says.
 *
 * @throws if a file cannot be read or makes no sense, or an image has no class; see the kinds.
 */
export function loadRelevance(
  config: RelevanceConfig | RelevanceSettings,
  images: RelevanceImages,
  { categoryLevels, ...material }: LoadRelevanceOptions,
  table: RelevanceTable = relevanceTable,
): Promise<Relevance> {
  const categories = categoriesOf(images, categoryLevels);
  return table.of(config).load(config, { ...material, images, categories });
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
