import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { EmbeddingTable } from '../../../evaluation/neighbours/embedding-table.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import type { PixelCache } from '../../../pictures/preparation/pixel-cache.ts';

/** Embeddings of the first so many of some places. */
export interface EmbeddedPlaces extends EmbeddingTable {
  /** The place of each row's image. */
  readonly places: readonly number[];
}

/** Images that are embedded between two looks at the clock. */
const chunk = 64;

/**
 * Embeds the pictures at `places` in their order until `seconds` have gone by; at least the first 64. Prepared pixels come
 * from the cache.
 */
export async function embedWithin(
  embedder: Embedder,
  pixels: PixelCache,
  places: readonly ImagePlace[],
  seconds: number,
): Promise<EmbeddedPlaces> {
  const { dimension } = embedder;
  const started = performance.now();
  const data = new Float32Array(places.length * dimension);
  let done = 0;
  while (done < places.length && (done === 0 || performance.now() - started < 1000 * seconds)) {
    const some = places.slice(done, done + chunk);
    data.set(await embedder.embedPixels(await pixels.batch(some)), done * dimension);
    done += some.length;
  }
  return { data: data.slice(0, done * dimension), dimension, places: places.slice(0, done) };
}
