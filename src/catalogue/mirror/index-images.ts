import { availableParallelism } from 'node:os';
import { mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import type { LongWork, Progress } from '../../foundation/progress/progress.ts';
import type { ImageDataset, ImageRecord } from '../../pictures/datasets/dataset.ts';
import { outOfSight, type PassedOver } from '../../pictures/datasets/passed-over.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { StoredImage, StoredVector, StoreWriter, VectorStore, WriteOptions } from '../stores/vector-store.ts';
import { sourceOf, tieToSource } from './catalogue-source.ts';
import { contentHash, type Fingerprint, lookAt, looksUntouched } from './fingerprint.ts';
import { type GoneFolder, goneFolders } from './gone-folders.ts';

/**
 * What a store is made to mirror, with which model, and who hears of it: `onProgress` counts the images that have to be
 * embedded, and `signal` stops waiting, too; what was embedded by then is stored.
 */
export interface IndexOptions extends LongWork {
  /** Lists the images, once no other task writes the store: what was listed before may be older than what is in it. */
  readonly dataset: () => Promise<ImageDataset>;
  readonly embedder: Embedder;
  readonly store: VectorStore;
  /** The part of a divided dataset that `dataset` is. */
  readonly part?: string | undefined;
  /** The images that the store mirrors have moved to where `dataset` is. Default: false. */
  readonly moved?: boolean;
  /** Read every file again, also those whose length and time of modification are as they were. Default: false. */
  readonly recheck?: boolean;
  /** Called with who writes the store at present, once for each that is waited for. */
  readonly onWait?: WriteOptions['onWait'];
}

/** What indexing did, in images. */
export interface IndexReport {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Images that were in the store more than once, as another program may have left it, and are now once. */
  readonly mended: number;
  /** Folders that are not there any more, or have no images any more, with how many of the removed images were in each. */
  readonly goneFolders: readonly GoneFolder[];
  /** Images that could not be decoded, which are not in the store, or not be read, whose old vectors stay. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
  /** What was met in the folder and not looked into. */
  readonly passedOver: readonly PassedOver[];
  /** Images in the store that are at or below something that could not be looked into: they stay. */
  readonly outOfSight: number;
}

/** Images that are embedded and stored in one write: what a kill can lose. */
const imagesAWrite = 256;

/**
 * Makes a store mirror a dataset: embeds images that are new or whose bytes have changed, removes those that have
 * vanished, leaves the others. What is below a folder that cannot be listed has not vanished. Images are stored a few hundred
 * at a time, so that a run that was killed goes on where it stopped. An image that cannot be decoded is reported; if it could
 * be once, its old vector is removed. One task at a time indexes into a store; others wait.
 *
 * A file is taken for unchanged if its length and its time of modification are as they were, else by its SHA-256.
 *
 * @throws if the store mirrors another source, or cannot be written.
 */
export async function indexImages(options: IndexOptions): Promise<IndexReport> {
  const { store, onWait, signal } = options;
  return store.write((writer) => mirror(writer, options), { onWait, signal });
}

async function mirror(writer: StoreWriter, options: IndexOptions): Promise<IndexReport> {
  const { store } = options;
  const dataset = await options.dataset();
  await tieToSource(store, writer, sourceOf(dataset, options.part), options.moved ?? false);
  const mended = await writer.mend();
  const stored = new Map((await store.images()).map((image) => [image.id, image]));
  const present = new Set(dataset.images.map(({ id }) => id));
  const { passedOver = [] } = dataset;
  const isOutOfSight = outOfSight(passedOver);
  const missing = [...stored.keys()].filter((id) => !present.has(id));
  const vanished = missing.filter((id) => !isOutOfSight(id));
  await writer.remove(vanished);

  const { outdated, unreadable } = await findOutdated(dataset.images, stored, options);
  const unchanged = dataset.images.length - outdated.length - unreadable.length;
  let added = 0;
  let updated = 0;
  let done = 0;
  for (let first = 0; first < outdated.length; first += imagesAWrite) {
    const images = outdated.slice(first, first + imagesAWrite);
    const rows: StoredVector[] = [];
    const broken: { id: string; reason: string }[] = [];
    try {
      const before = done;
      await embedRows(images, options, rows, broken, (progress) =>
        options.onProgress?.({ ...progress, work: 'indexing', done: before + progress.done, total: outdated.length }),
      );
    } finally {
      // Also when it was stopped: what is embedded by now is kept.
      await writer.put(rows);
    }
    await writer.remove(broken.map(({ id }) => id).filter((id) => stored.has(id)));
    unreadable.push(...broken);
    for (const { id } of rows) stored.has(id) ? updated++ : added++;
    done += images.length;
  }
  await writer.tidy();
  const told = { mended, goneFolders: goneFolders(vanished, present), unreadable, passedOver };
  const hidden = missing.length - vanished.length;
  return { added, updated, removed: vanished.length, unchanged, outOfSight: hidden, ...told };
}

interface OutdatedImage {
  readonly image: ImageRecord;
  /** Known where the image had to be read to see that it has changed. */
  readonly fingerprint?: Fingerprint;
}

/** Files that are looked at or hashed at a time. */
const readers = 2 * availableParallelism();

/** Images that are not stored as they are now; those of the stored ones that cannot be read at present. */
async function findOutdated(
  images: readonly ImageRecord[],
  stored: ReadonlyMap<string, StoredImage>,
  options: IndexOptions,
): Promise<{ outdated: OutdatedImage[]; unreadable: { id: string; reason: string }[] }> {
  const unreadable: { id: string; reason: string }[] = [];
  const findings = await mapBounded(images, readers, async (image): Promise<OutdatedImage | undefined> => {
    const known = stored.get(image.id);
    if (known === undefined) return { image };
    throwIfAborted(options.signal);
    try {
      const look = await lookAt(image.source);
      if (!options.recheck && looksUntouched(look, known)) return undefined;
      const hash = await contentHash(image.source);
      return hash === known.contentHash ? undefined : { image, fingerprint: { ...look, contentHash: hash } };
    } catch (error) {
      unreadable.push({ id: image.id, reason: (error as Error).message });
      return undefined;
    }
  });
  return { outdated: findings.filter((finding) => finding !== undefined), unreadable };
}

/** Embeds some images and fills `rows` and `broken` as it goes, so that nothing done is lost when it is stopped. */
async function embedRows(
  images: readonly OutdatedImage[],
  { embedder, signal }: IndexOptions,
  rows: StoredVector[],
  broken: { id: string; reason: string }[],
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const sources = images.map(({ image }) => image.source);
  // Taken before the images are decoded: a file that changes in between is found changed by the next run.
  const fingerprints = await mapBounded(images, readers, async ({ image, fingerprint }) => {
    throwIfAborted(signal);
    return fingerprint ?? fingerprintOf(image).catch((error: Error) => error);
  });
  for await (const result of embedder.embedSources(sources, { onProgress, signal })) {
    const { id } = images[result.index].image;
    const fingerprint = fingerprints[result.index];
    if ('unreadable' in result) broken.push({ id, reason: result.unreadable.message });
    else if (fingerprint instanceof Error) broken.push({ id, reason: fingerprint.message });
    else rows.push({ id, ...fingerprint, vector: result.vector });
  }
}

async function fingerprintOf({ source }: ImageRecord): Promise<Fingerprint> {
  return { ...(await lookAt(source)), contentHash: await contentHash(source) };
}
