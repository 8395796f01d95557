import type { ImageSource } from '../datasets/dataset.ts';
import { cosine } from '../distances/cosine.ts';
import { euclidean } from '../distances/euclidean.ts';
import type { Embedder } from './embedder.ts';

/** How much alike two images are to a model. */
export interface Comparison {
  /** Euclidean distance of the embeddings: 0 for the same picture, at most 2. */
  readonly distance: number;
  /** Cosine of the angle between the embeddings: 1 for the same picture, at least -1. */
  readonly similarity: number;
}

/** Compares two images, each a path or pixels. @throws UnreadableImageError if one cannot be decoded. */
export async function compareImages(
  embedder: Embedder,
  first: string | ImageSource,
  second: string | ImageSource,
): Promise<Comparison> {
  const [a, b] = [await embedder.embedImage(sourceFrom(first)), await embedder.embedImage(sourceFrom(second))];
  return { distance: euclidean.between(a, b), similarity: 1 - cosine.between(a, b) };
}

function sourceFrom(image: string | ImageSource): ImageSource {
  return typeof image === 'string' ? { kind: 'file', path: image } : image;
}
