import type { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { mapBounded } from '../../../foundation/concurrency/bounded-concurrency.ts';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import { advance, type LongWork } from '../../../foundation/progress/progress.ts';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import { decodeImage } from '../../../pictures/decoding/decode-image.ts';
import { encodeWebp } from '../../../pictures/decoding/encode-webp.ts';
import { fitWithin } from '../../../pictures/decoding/fit-within.ts';
import { type ImageArgument, imageOf } from '../../../pictures/decoding/image-argument.ts';
import { UnreadableImageError } from '../../../pictures/decoding/unreadable-image-error.ts';
import { resizeTriangle } from '../../../pictures/preparation/resize.ts';
import type { Thumbnail } from '../../stores/store-thumbnails.ts';
import type { StoredImage, VectorStore } from '../../stores/vector-store.ts';
import { pathOf, readSource } from '../catalogue-source.ts';

/** Sides of a thumbnail, in pixels, at most: what a page shows. */
const box = { width: 320, height: 320 };
/** Thumbnails that are written in one commit. */
const thumbnailsAWrite = 256;

/** A picture made small, as a WebP file. @throws UnreadableImageError if it cannot be decoded. */
export async function thumbnailOf(source: ImageSource | Buffer): Promise<Uint8Array> {
  const picture = await decodeImage(source, { target: box });
  const { width, height } = fitWithin(picture, box);
  return encodeWebp(resizeTriangle(picture, width, height));
}

/** Keeps the thumbnail of an image that is added by itself, where the store keeps thumbnails. The caller has the right to write it. */
export async function putThumbnail(store: VectorStore, contentHash: string, image: ImageArgument): Promise<void> {
  const thumbnails = await store.thumbnails();
  if (thumbnails === undefined) return;
  await using _ = thumbnails;
  if ((await thumbnails.read(contentHash)) !== undefined) return;
  await thumbnails.put([{ contentHash, webp: await thumbnailOf(await imageOf(image)) }]);
}

/** Whose thumbnails are kept, and who hears of it. */
export interface KeepThumbnailsOptions extends LongWork {
  readonly store: VectorStore;
  /** Begin to keep them. Default: only a store that has some keeps more. */
  readonly thumbnails?: boolean | undefined;
}

/**
 * Keeps a thumbnail of every image of a store that is a file and has none, and none of bytes that no image has any more. What cannot be
 * decoded is passed over: that it cannot is said elsewhere. The caller has the right to write the store.
 *
 * @returns how many were made; undefined where none are kept.
 */
export async function keptThumbnails(options: KeepThumbnailsOptions): Promise<number | undefined> {
  const { store } = options;
  const thumbnails = await store.thumbnails(options.thumbnails === true);
  if (thumbnails === undefined) return undefined;
  await using _ = thumbnails;
  const images = await store.images();
  const known = await thumbnails.hashes();
  const missing = await missingThumbnails(store, known, images);
  let made = 0;
  for (let first = 0; first < missing.length; first += thumbnailsAWrite) {
    const some = missing.slice(first, first + thumbnailsAWrite);
    const rows = (
      await mapBounded(some, availableParallelism(), (one) => thumbnailIfReadable(one, options.signal))
    ).flat();
    await thumbnails.put(rows);
    made += rows.length;
    const done = first + some.length;
    advance(options, { work: 'making thumbnails', unit: 'pictures', done, total: missing.length });
  }
  const hashes = new Set(images.map(({ contentHash }) => contentHash));
  const gone = [...known].filter((hash) => !hashes.has(hash));
  await thumbnails.remove(gone);
  if (made + gone.length > 0) await thumbnails.tidy();
  return made;
}

interface MissingThumbnail {
  readonly contentHash: string;
  readonly source: ImageSource;
}

/** The bytes that have no thumbnail and are those of a file: of several images of one content the one that is. */
async function missingThumbnails(
  store: VectorStore,
  known: ReadonlySet<string>,
  images: readonly StoredImage[],
): Promise<MissingThumbnail[]> {
  const source = await readSource(store);
  const paths = new Map<string, string>();
  for (const image of images) {
    const path = known.has(image.contentHash) ? undefined : pathOf(source, image);
    if (path !== undefined) paths.set(image.contentHash, path);
  }
  return [...paths].map(([contentHash, path]) => ({ contentHash, source: { kind: 'file', path } }));
}

async function thumbnailIfReadable(
  { contentHash, source }: MissingThumbnail,
  signal: AbortSignal | undefined,
): Promise<Thumbnail[]> {
  throwIfAborted(signal);
  try {
    return [{ contentHash, webp: await thumbnailOf(source) }];
  } catch (error) {
    if (error instanceof UnreadableImageError) return [];
    throw error;
  }
}
