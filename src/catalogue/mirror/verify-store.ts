import { StoreError } from '../../foundation/errors/store-error.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { StoredVector, StoreSearcher, VectorStore } from '../stores/vector-store.ts';
import { planMirror } from './indexing/plan-mirror.ts';

/** A store, and what it ought to mirror. */
export interface VerifyOptions extends LongWork {
  readonly store: VectorStore;
  readonly dataset: ImageDataset;
  /** Images that are looked for by their own vectors, spread over all. Default: all. */
  readonly sample?: number | undefined;
}

/** How a store differs from what it mirrors. */
export interface VerifyReport {
  /** Images in the store. */
  readonly images: number;
  /** Images of the folder that the store lacks, moved ones among them. */
  readonly missing: readonly string[];
  /** Images of the store whose files are gone. */
  readonly vanished: readonly string[];
  /** Images whose bytes are others by now. */
  readonly outdated: readonly string[];
  /** Images whose classes, or the times of whose files, are others by now. */
  readonly described: readonly string[];
  /** Stored images that cannot be read at present. */
  readonly unreadable: readonly string[];
  /** Rows that are there for an id beside its own. */
  readonly doubled: number;
  /** Images that were looked for by their own vectors. */
  readonly looked: number;
  /** Of them, those that a search by their own vector does not find, through one of the machines at least that answer searches. */
  readonly notFound: readonly string[];
}

/** What an image's distance from itself may be: rounding of float32 under the root. */
const ownDistance = 2e-3;

/**
 * Compares a store with what it mirrors: every file is hashed, and images are looked for by their own vectors. A search has to find
 * the image, or one that is as near: a copy.
 */
export async function verifyStore(options: VerifyOptions): Promise<VerifyReport> {
  const { store, dataset, signal } = options;
  const stored = await store.images();
  const plan = await planMirror(dataset, stored, { recheck: true, signal });
  const known = new Set(stored.map(({ id }) => id));
  const differing = [...plan.outdated.map(({ image }) => image.id), ...plan.known.map(({ row }) => row.id)];
  const { looked, notFound } = await findByOwnVectors(options, stored.length);
  return {
    images: stored.length,
    missing: differing.filter((id) => !known.has(id)).sort(),
    vanished: plan.vanished,
    outdated: differing.filter((id) => known.has(id)).sort(),
    described: plan.described.map(({ id }) => id),
    unreadable: plan.unreadable.map(({ id }) => id),
    doubled: (await store.count()) - stored.length,
    looked,
    notFound,
  };
}

/** True if a store is what it ought to be. What cannot be read, or is told otherwise alone, does not count. */
export function isWhole({ missing, vanished, outdated, doubled, notFound }: VerifyReport): boolean {
  return missing.length + vanished.length + outdated.length + notFound.length + doubled === 0;
}

async function findByOwnVectors({ store, sample, onProgress, signal }: VerifyOptions, images: number) {
  const total = Math.min(sample ?? images, images);
  const notFound: string[] = [];
  const searchers = await store.searchers();
  let [seen, looked] = [0, 0];
  for await (const rows of store.scan()) {
    for (const row of rows) {
      // Spread evenly: of the first n images n total / images are looked for.
      seen++;
      if (looked >= Math.ceil((seen * total) / images)) continue;
      looked++;
      if (!(await isFound(searchers, row))) notFound.push(row.id);
      advance({ onProgress, signal }, { work: 'looking for images', unit: 'images', done: looked, total });
    }
  }
  return { looked, notFound: notFound.sort() };
}

async function isFound(searchers: readonly StoreSearcher[], { id, vector }: StoredVector): Promise<boolean> {
  const found = await Promise.all(
    searchers.map(async (searcher) => {
      // An index leaves some out by its nature.
      const [nearest] = await searcher.search(vector, 1, {}, { exact: true });
      return nearest !== undefined && (nearest.id === id || nearest.distance <= ownDistance);
    }),
  );
  return found.every(Boolean);
}

/**
 * Writes the rows of images again, whole, so that a store that does not find them takes them up anew.
 *
 * @throws StoreError if one of them is not there.
 */
export async function rewriteImages(store: VectorStore, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await store.write(async (writer) => {
    const rows = await store.rows(ids);
    if (rows.length < ids.length) {
      throw new StoreError(`images of the store '${store.uri}' have gone meanwhile: verify it again`);
    }
    await writer.takeUp(rows);
  });
}
