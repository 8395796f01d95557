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
 *
 * @param known embeddings that are there already: a picture's does not depend on its neighbours.
 */
export async function embedWithin(
  embedder: Embedder,
  pixels: PixelCache,
  places: readonly ImagePlace[],
  seconds: number,
  known?: EmbeddedPlaces,
): Promise<EmbeddedPlaces> {
  const { dimension } = embedder;
  const started = performance.now();
  const data = new Float32Array(places.length * dimension);
  const rows = new Map(known?.places.map((place, row) => [place, row]));
  let done = 0;
  while (done < places.length && (done === 0 || performance.now() - started < 1000 * seconds)) {
    const some = places.slice(done, done + chunk);
    const fresh = some.filter((place) => !rows.has(place));
    const made = fresh.length === 0 ? data : await embedder.embedPixels(await pixels.batch(fresh));
    let next = 0;
    for (const [at, place] of some.entries()) {
      const row = rows.get(place);
      const [from, start] = row === undefined ? [made, next++] : [known!.data, row];
      data.set(from.subarray(start * dimension, (start + 1) * dimension), (done + at) * dimension);
    }
    done += some.length;
  }
  return { data: data.slice(0, done * dimension), dimension, places: places.slice(0, done) };
}
