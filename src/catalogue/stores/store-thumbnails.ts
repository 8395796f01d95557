import type { Buffer } from 'node:buffer';

/** A picture made small, by the bytes that it was made of. */
export interface Thumbnail {
  /** SHA-256 of the image's bytes, hexadecimal. */
  readonly contentHash: string;
  /** A WebP file. */
  readonly webp: Uint8Array;
}

/**
 * The thumbnails of a store, by the hashes of the bytes of its images, so that a picture that has moved, or is there twice, has one.
 * Whoever changes them has the right to write the store.
 */
export interface StoreThumbnails extends AsyncDisposable {
  /** The hashes of all bytes that have a thumbnail. */
  hashes(): Promise<Set<string>>;
  /** The thumbnail of an image's bytes, a WebP file; undefined where there is none. */
  read(contentHash: string): Promise<Buffer | undefined>;
  /** Keeps thumbnails; those that are there are replaced. */
  put(thumbnails: readonly Thumbnail[]): Promise<void>;
  /** Removes thumbnails; those that are not there are passed over. */
  remove(hashes: readonly string[]): Promise<void>;
  /** Makes reading cheaper after many writes, and clears up what killed writers left. */
  tidy(): Promise<void>;
}
