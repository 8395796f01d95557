import type { Engine } from '../../engines/engine.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { ImageFilter, StoredImage, VectorStore } from '../stores/vector-store.ts';
import { boundedGroups } from './bounded-groups.ts';
import { copyPairs } from './copy-pairs.ts';
import { nearPairs } from './near-pairs.ts';
import type { PictureSketch } from './picture-sketch.ts';
import { rowsOfTable, storedTable } from './stored-table.ts';

/** Where duplicates are looked for, and what counts as one. */
export interface FindDuplicatesOptions extends LongWork {
  readonly store: VectorStore;
  /** Compares the vectors. */
  readonly engine: Engine;
  /**
   * Images up to this distance are near duplicates; 0 finds those alone whose bytes, or whose vectors, are the same. Default: those
   * whose pictures are copies of one, see `copyPairs`.
   */
  readonly maxDistance?: number | undefined;
  /** The sketch of an image's picture, where there is no largest distance; undefined where it cannot be had. Default: none can. */
  readonly sketchOf?: ((image: StoredImage) => Promise<PictureSketch | undefined>) | undefined;
  readonly filter?: ImageFilter | undefined;
  /** Pairs of near images that there is room for. Default: any number. */
  readonly mostPairs?: number | undefined;
}

/** Images that are the same, or nearly. */
export interface DuplicateImages {
  /** In code-unit order of the ids. */
  readonly images: readonly StoredImage[];
  /** True if all of them have the same bytes. */
  readonly exact: boolean;
  /** The largest distance between two of them, at most the one that was asked for; of copies their unlikeness. */
  readonly diameter: number;
}

/**
 * Groups of images that are the same by their bytes, or near: copies of one picture, or within a distance. In a group every two are near, so that no chain of
 * small differences makes one of what is different; see `boundedGroups`. An image is in one group at most.
 *
 * All vectors are in memory; comparing grows with the square of the images.
 *
 * @throws UsageError if more pairs are near than there is room for.
 */
export async function findDuplicates(options: FindDuplicatesOptions): Promise<DuplicateImages[]> {
  const { store, engine, maxDistance, sketchOf, filter, mostPairs, onProgress, signal } = options;
  const table = await storedTable(store, filter);
  const copies = new Map<string, number[]>();
  for (const [row, { contentHash }] of table.images.entries()) {
    const rows = copies.get(contentHash);
    if (rows === undefined) copies.set(contentHash, [row]);
    else rows.push(row);
  }
  // Of each content one row is compared.
  const contents = [...copies.values()];
  const some = rowsOfTable(
    table,
    contents.map(([first]) => first),
  );
  const { distance } = store.stamp;
  const by = { engine, distance, mostPairs, onProgress, signal };
  const sketchOfRow = async (content: number) => sketchOf?.(table.images[contents[content][0]]);
  const pairs =
    maxDistance === undefined
      ? await copyPairs(some, { ...by, sketchOf: sketchOfRow })
      : await nearPairs(some, { ...by, threshold: maxDistance });
  const grouped = boundedGroups(pairs);
  const inGroups = new Set(grouped.flatMap(({ rows }) => rows));
  const alone = contents.flatMap((rows, content) =>
    inGroups.has(content) || rows.length < 2 ? [] : [{ rows: [content], diameter: 0 }],
  );
  return [...grouped, ...alone]
    .map(({ rows, diameter }) => ({
      images: rows
        .flatMap((content) => contents[content])
        .sort((a, b) => a - b)
        .map((row) => table.images[row]),
      exact: rows.length === 1,
      diameter,
    }))
    .sort((a, b) => (a.images[0].id < b.images[0].id ? -1 : 1));
}
