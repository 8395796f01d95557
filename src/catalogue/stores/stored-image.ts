import type { Filter } from '../filters/filter.ts';
import type { Metadata } from '../metadata/metadata.ts';

/** What a store knows of an image beside its vector: enough to see whether the image has changed since. */
export interface StoredImage {
  /** The image's name within its dataset; unique in the store. */
  readonly id: string;
  /** SHA-256 of the image's bytes, hexadecimal. */
  readonly contentHash: string;
  /** When the file was last modified, in milliseconds since 1970; 0 where that says nothing. */
  readonly modifiedAt: number;
  /** Length of the image's bytes. */
  readonly byteLength: number;
  /** What else is known of it; undefined where nothing is. */
  readonly metadata?: Metadata | undefined;
  /**
   * Of an image that was added by itself, so that mirroring a folder leaves it alone: the path of its file, empty for one that
   * was given as bytes or pixels. Undefined of those that the store mirrors.
   */
  readonly addedFrom?: string | undefined;
}

/** One image with its embedding. */
export interface StoredVector extends StoredImage {
  readonly vector: Float32Array;
}

/** One answer of a search. */
export interface Neighbour {
  readonly id: string;
  /** By the distance of the store's stamp: smaller is closer. */
  readonly distance: number;
  readonly metadata?: Metadata;
  readonly addedFrom?: string;
}

/** Narrows a search. Conditions are combined by "and". */
export interface ImageFilter {
  /** Only images whose id starts with this: `shoes/` is everything in the folder `shoes`. */
  readonly prefix?: string;
  /** Only these images, those of them that are there. */
  readonly only?: readonly string[];
  /** Not these images. */
  readonly except?: readonly string[];
  /** Only images that this lets through: `class = 'shoes' and price < 50`. See docs/search.md. */
  readonly where?: string | Filter | undefined;
}
