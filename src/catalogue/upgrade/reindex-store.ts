import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { rowsOfTable, storedTable } from '../groups/stored-table.ts';
import { pathOf, readSource } from '../mirror/catalogue-source.ts';
import { modelStamp } from '../mirror/model-stamp.ts';
import type { StoredImage, StoredVector, StoreWriter, VectorStore, WriteOptions } from '../stores/vector-store.ts';
import { type NeighbourOverlap, neighbourOverlap } from './neighbour-overlap.ts';

/** A store, and the model that it is made anew by. */
export interface ReindexOptions extends LongWork {
  readonly store: VectorStore;
  readonly embedder: Embedder;
  /** What images are compared by from then on. Default: the model's own. */
  readonly distance?: SearchDistanceName | undefined;
  /** Embed and report, and leave the store as it is. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Leave out images that cannot be embedded again. Default: false, they are an error. */
  readonly dropMissing?: boolean | undefined;
  readonly onWait?: WriteOptions['onWait'];
}

/** What another model makes of a store. */
export interface ReindexReport {
  /** Images with new vectors. */
  readonly images: number;
  /** Images that could not be embedded again. */
  readonly missing: readonly { readonly id: string; readonly reason: string }[];
  readonly overlap: NeighbourOverlap;
  /** The images of the rows that `overlap` names. */
  readonly rows: readonly StoredImage[];
}

/** Images that an error names. */
const named = 3;

/**
 * Makes a store anew by another model: every image is embedded from its file, the neighbours of both models are compared, and the new
 * vectors take the place of the old ones in one commit, with all that is known of the images. Searching goes on meanwhile by the old
 * model; writing waits. Interrupted before its end it has changed nothing.
 *
 * All vectors, old and new, are in memory, each once; the new ones once more while they are written.
 *
 * @throws StoreError if an image cannot be embedded again and none may be left out, or the store is empty.
 */
export async function reindexStore(options: ReindexOptions): Promise<ReindexReport> {
  const { store, onWait, signal } = options;
  return store.write((writer) => reindex(writer, options), { onWait, signal });
}

async function reindex(writer: StoreWriter, options: ReindexOptions): Promise<ReindexReport> {
  const { store, embedder, distance, dryRun = false, dropMissing = false, onProgress, signal } = options;
  const table = await storedTable(store);
  const stamp = modelStamp(embedder.model, distance);
  const { rows, missing, data } = await embedAgain(table.images, stamp.dimension, options);
  if (missing.length > 0 && !dropMissing) {
    const ids = missing.slice(0, named).map(({ id, reason }) => `'${id}' (${reason})`);
    throw new StoreError(
      `${missing.length} of the ${table.images.length} images of the store '${store.uri}' cannot be embedded again: ${ids.join(', ')}` +
        `${missing.length > named ? ', …' : ''}: bring them back, or let them be dropped`,
    );
  }
  if (rows.length === 0)
    throw new StoreError(`no image of the store '${store.uri}' can be embedded: index images into it`);
  const places = new Map(table.images.map(({ id }, place) => [id, place]));
  const before = rowsOfTable(
    table,
    rows.map(({ id }) => places.get(id) ?? 0),
  );
  const engine = await OnnxruntimeEngine.create();
  try {
    const overlap = await neighbourOverlap(
      { ...before, distance: store.stamp.distance },
      { data, dimension: stamp.dimension, distance: stamp.distance },
      engine,
      signal,
    );
    onProgress?.({ work: 'reindexing', unit: 'images', done: rows.length, total: rows.length });
    if (!dryRun) {
      await writer.replace(stamp, rows);
    }
    return { images: rows.length, missing, overlap, rows: rows.map(({ vector: _, ...image }) => image) };
  } finally {
    await engine.close();
  }
}

/**
 * The rows of images by the new model, in their order, and the numbers of all their vectors, of which each has a part: they are in
 * memory once. Those that have no file, or one that cannot be decoded, are missing.
 */
async function embedAgain(images: readonly StoredImage[], dimension: number, options: ReindexOptions) {
  const { store, embedder, onProgress, signal } = options;
  const source = await readSource(store);
  const rows: StoredVector[] = [];
  const missing: { id: string; reason: string }[] = [];
  const files: { readonly image: StoredImage; readonly path: string }[] = [];
  for (const image of images) {
    const path = pathOf(source, image);
    if (path === undefined) missing.push({ id: image.id, reason: 'it is no file' });
    else files.push({ image, path });
  }
  const data = new Float32Array(files.length * dimension);
  const sources = files.map(({ path }) => path);
  const told =
    onProgress && ((progress: Parameters<typeof onProgress>[0]) => onProgress({ ...progress, work: 'reindexing' }));
  for await (const result of embedder.embedSources(sources, { onProgress: told, signal })) {
    const { image } = files[result.index];
    if ('unreadable' in result) {
      missing.push({ id: image.id, reason: result.unreadable.message });
      continue;
    }
    const at = rows.length * dimension;
    data.set(result.vector, at);
    rows.push({ ...image, vector: data.subarray(at, at + dimension) });
  }
  return { rows, missing, data: data.subarray(0, rows.length * dimension) };
}
