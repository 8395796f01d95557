import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { embedAll } from './embed-all.ts';
import { loadModel } from './embedder.ts';

/**
 * Embeddings of images by a model file of ours, one row an image; the relevance `model` is made of them.
 *
 * @throws if the file is no model of ours, or an image cannot be decoded.
 */
export async function embedByModel(
  file: string,
  sources: readonly ImageSource[],
): Promise<{ readonly data: Float32Array; readonly dimension: number }> {
  const embedder = await loadModel(file, { threads: 1 });
  try {
    const { data, dimension, unreadable } = await embedAll(embedder, sources);
    if (unreadable.length > 0) throw unreadable[0].error;
    return { data, dimension };
  } finally {
    await embedder.close();
  }
}
