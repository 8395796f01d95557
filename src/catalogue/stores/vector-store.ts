import type { LockHolder } from '../../foundation/files/lock-holder.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { MetadataField } from '../metadata/metadata.ts';
import type { IndexWriter, SearchDemand, StoreIndexes } from './store-index.ts';
import type { StoreStamp } from './store-stamp.ts';
import type { StoreThumbnails } from './store-thumbnails.ts';
import type { ImageFilter, Neighbour, StoredImage, StoredVector } from './stored-image.ts';

export type { ImageFilter, Neighbour, StoredImage, StoredVector } from './stored-image.ts';

/** What a store notes about itself: the place that it mirrors, what the last run did, what was measured of its index. */
export type StoreNoteName = 'source' | 'last-run' | 'index';

/** What a store is beside its rows. */
export interface StoreFacts {
  /** Bytes on its medium; undefined where that is not known. */
  readonly bytes: number | undefined;
  /** How it searches where no index was measured: `exact` compares with every vector. */
  readonly index: string;
}

/**
 * Keeps the vectors of a catalogue and finds the nearest ones. Every implementation passes `vector-store.contract.ts`.
 *
 * One task at a time writes a store, many read it, also while it is written: each answer is of the store as it was after the
 * last write that had ended when it was asked.
 */
export interface VectorStore extends AsyncDisposable {
  /** Where the store is, as it was opened. */
  readonly uri: string;
  readonly stamp: StoreStamp;
  /** Every image, or those that a filter lets through, without its vector, in code-unit order of the ids. */
  images(filter?: ImageFilter): Promise<StoredImage[]>;
  /** The fields of the metadata, in code-unit order of their names. A field stays, also where no image has it any more. */
  fields(): Promise<MetadataField[]>;
  /** The rows of some images, in code-unit order of the ids; ids that are not there are passed over. See `scan`. */
  rows(ids: readonly string[]): Promise<StoredVector[]>;
  /**
   * All rows, some at a time, in no particular order. A vector is the one that was put; of a store for Hamming distances, which
   * keeps signs alone, it has 1 and -1.
   */
  scan(): AsyncIterable<StoredVector[]>;
  count(): Promise<number>;
  /**
   * The `k` images nearest to `vector`, nearest first, equal distances in code-unit order of the ids; all of them if there
   * are fewer. Which of several images at the very same distance come in last is the store's choice.
   *
   * Exact, unless the store has an index that was measured to find as much as is demanded, and nothing narrows the search: what an
   * index finds of the images that a filter lets through was not measured.
   *
   * @throws if `vector` is no vector of this store, `k` is not a positive whole number, or the filter does not go with the fields.
   */
  search(vector: Float32Array, k: number, filter?: ImageFilter, demand?: SearchDemand): Promise<Neighbour[]>;
  /** Its approximate indexes; undefined of a store that can make none. */
  readonly indexes?: StoreIndexes | undefined;
  /**
   * What answers searches, where that is several machines that may differ: each by itself, so that it can be seen whether all find an
   * image. Of another store: the store.
   */
  searchers(): Promise<readonly StoreSearcher[]>;
  /** What was noted last under this name; undefined where nothing was. */
  note(name: StoreNoteName): Promise<string | undefined>;
  facts(): Promise<StoreFacts>;
  /**
   * Its thumbnails.
   *
   * @param create begin to keep them if there are none. Default: false.
   * @returns undefined if there are none and none are to be kept.
   */
  thumbnails(create?: boolean): Promise<StoreThumbnails | undefined>;
  /**
   * Lets a task write, once no other task, of this process or another, writes the store: until then it waits. The task must
   * not use its writer afterwards, nor begin another `write` of the same store.
   *
   * @returns what the task does.
   */
  write<T>(task: (writer: StoreWriter) => Promise<T>, options?: WriteOptions): Promise<T>;
  /** Releases what the store holds. It must not be used afterwards. */
  close(): Promise<void>;
}

/** Something that answers searches. */
export interface StoreSearcher extends Pick<VectorStore, 'search'> {
  /** What it is called: a machine's address. */
  readonly name: string;
}

/**
 * What changes a store. When a promise of `put`, `describe`, `remove` or `setNote` is fulfilled, the change is on the medium: it
 * survives the process being killed. Each of these calls is all or nothing, but in Weaviate, where one that fails may have written some
 * of its rows.
 */
export interface StoreWriter {
  /**
   * Adds rows; a row whose id is known replaces the old one with all that was known of it. A field that is new is there from
   * now on.
   *
   * @throws if a vector is no vector of this store, or a value is of another kind than its field.
   */
  put(rows: readonly StoredVector[]): Promise<void>;
  /** Replaces what is known of images but for their vectors; ids that are not there are passed over. @throws as `put` does. */
  describe(images: readonly StoredImage[]): Promise<void>;
  /** Puts rows that are there, as they are, but no search finds: so that the store's index takes them up anew. */
  takeUp(rows: readonly StoredVector[]): Promise<void>;
  /** Removes images; ids that are not there are passed over. */
  remove(ids: readonly string[]): Promise<void>;
  setNote(name: StoreNoteName, text: string): Promise<void>;
  /**
   * Replaces every row, and with them the model that the store is for, at once: a reader sees the store before or after it. Notes and
   * fields stay. Handles that are open are of the store before it: they are refused from then on, and so is this writer.
   *
   * @throws if a vector is none of the new stamp, or the store cannot search by its distance.
   */
  replace(stamp: StoreStamp, rows: readonly StoredVector[]): Promise<void>;
  /**
   * Mends a store that has images more than once, as another program may have left it: the row of each that was written last
   * stays.
   *
   * @returns how many images were there more than once.
   */
  mend(): Promise<number>;
  /**
   * Makes searching and further writing cheaper after many writes, and clears up what killed writers left; changes no exact answer.
   * An index takes up what was not in it.
   */
  tidy(): Promise<void>;
  /** Changes its index; undefined of a store that can make none. */
  readonly indexes?: IndexWriter | undefined;
}

/** How somebody waits to write a store. */
export interface WriteOptions {
  /** Called with who writes it at present, once for each that is waited for. */
  readonly onWait?: ((holder: LockHolder) => void) | undefined;
  /** Ends the waiting, with an AbortError that has the signal's reason as its cause; later it is the task's. */
  readonly signal?: AbortSignal | undefined;
}

/** How a store is opened. The options of waiting count where another task makes it at present. */
export interface OpenStoreOptions extends WriteOptions {
  /** Make the store if there is none. Default: false, a missing store is an error. */
  readonly create?: boolean;
  /**
   * A store that is there is opened with the distance it was made with, whatever the stamp's is, which then counts only for
   * a new one. Default: false, another distance is an error.
   */
  readonly anyDistance?: boolean;
}

/** A kind of store. */
export interface VectorStoreKind {
  /** The distances it can search by; a store of another one is never made. */
  readonly distances: readonly SearchDistanceName[];
  /** What the store at `uri` was made for; undefined if there is none. @throws if what is there is damaged. */
  stampAt(uri: string): Promise<StoreStamp | undefined>;
  /**
   * Opens the store at `uri` for vectors of `stamp`.
   *
   * @throws if there is none and none is to be made, if what is there is something else, if it was made with another
   * stamp, or if the stamp's distance counts and is not among `distances`.
   */
  open(uri: string, stamp: StoreStamp, options?: OpenStoreOptions): Promise<VectorStore>;
}
