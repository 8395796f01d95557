import { setTimeout } from 'node:timers/promises';
import type { MetadataField } from '../../src/catalogue/metadata/metadata.ts';
import { newFields } from '../../src/catalogue/metadata/metadata-fields.ts';
import { imageFilter, keptImages } from '../../src/catalogue/stores/check-metadata.ts';
import {
  checkDistance,
  checkNeighbourCount,
  checkRows,
  checkUnreplaced,
  checkVector,
} from '../../src/catalogue/stores/check-vectors.ts';
import { checkStamp, type StoreStamp } from '../../src/catalogue/stores/store-stamp.ts';
import type { StoreThumbnails } from '../../src/catalogue/stores/store-thumbnails.ts';
import type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoredVector,
  StoreFacts,
  StoreNoteName,
  StoreSearcher,
  StoreWriter,
  VectorStore,
  VectorStoreKind,
  WriteOptions,
} from '../../src/catalogue/stores/vector-store.ts';
import { thisProcess } from '../../src/foundation/files/lock-holder.ts';
import { searchDistanceByName, searchDistanceNames } from '../../src/ranking/distances/search-distance-by-name.ts';

/** Milliseconds between two looks at whether a store is free to be written. */
const pause = 5;

/**
 * Stores that live as long as this object does, each under the name given as its `uri`. Searching compares with every
 * vector in float64: it is what the other stores are checked against, and a stand-in for them in tests.
 */
export class MemoryStores implements VectorStoreKind {
  readonly distances = searchDistanceNames;
  readonly #contents = new Map<string, Contents>();

  async stampAt(uri: string): Promise<StoreStamp | undefined> {
    return this.#contents.get(uri)?.stamp;
  }

  async open(uri: string, stamp: StoreStamp, options: OpenStoreOptions = {}): Promise<VectorStore> {
    checkDistance(this, uri, stamp);
    let contents = this.#contents.get(uri);
    if (contents === undefined) {
      if (options.create !== true)
        throw new Error(`there is no store '${uri}': index a folder of images into it first`);
      contents = { stamp, rows: new Map(), fields: [], notes: new Map(), thumbnails: undefined, written: false };
      this.#contents.set(uri, contents);
    }
    checkStamp(uri, contents.stamp, stamp, options.anyDistance);
    return new MemoryStore(uri, contents);
  }
}

interface Contents {
  stamp: StoreStamp;
  rows: Map<string, StoredVector>;
  /** A field stays when no image has it any more. */
  fields: MetadataField[];
  readonly notes: Map<StoreNoteName, string>;
  thumbnails: Map<string, Buffer> | undefined;
  /** True while a task writes it. */
  written: boolean;
}

class MemoryStore implements VectorStore {
  readonly stamp: StoreStamp;

  constructor(
    readonly uri: string,
    private readonly contents: Contents,
  ) {
    this.stamp = contents.stamp;
  }

  async images(filter: ImageFilter = {}): Promise<StoredImage[]> {
    return this.#sorted()
      .filter(imageFilter(filter, this.contents.fields))
      .map(({ vector: _, ...image }) => image);
  }

  async fields(): Promise<MetadataField[]> {
    return this.contents.fields;
  }

  async rows(ids: readonly string[]): Promise<StoredVector[]> {
    return this.#sorted().filter(({ id }) => ids.includes(id));
  }

  async *scan(): AsyncIterable<StoredVector[]> {
    yield this.#sorted();
  }

  #sorted(): StoredVector[] {
    const isHamming = this.stamp.distance === 'hamming';
    return [...this.contents.rows.values()]
      .map((row) => ({ ...row, vector: isHamming ? row.vector.map((x) => (x > 0 ? 1 : -1)) : row.vector.slice() }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async count(): Promise<number> {
    return this.contents.rows.size;
  }

  async search(vector: Float32Array, k: number, filter: ImageFilter = {}): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    const { between } = searchDistanceByName(this.stamp.distance);
    checkUnreplaced(this.uri, this.stamp, this.contents.stamp);
    const passes = imageFilter(filter, this.contents.fields);
    return [...this.contents.rows.values()]
      .filter(passes)
      .map((row) => ({ ...knownOf(row), distance: between(vector, row.vector) }))
      .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
      .slice(0, k);
  }

  async searchers(): Promise<readonly StoreSearcher[]> {
    return [{ name: this.uri, search: this.search.bind(this) }];
  }

  async note(name: StoreNoteName): Promise<string | undefined> {
    return this.contents.notes.get(name);
  }

  async facts(): Promise<StoreFacts> {
    return { bytes: undefined, index: 'exact' };
  }

  async thumbnails(create = false): Promise<StoreThumbnails | undefined> {
    if (create) this.contents.thumbnails ??= new Map();
    const { thumbnails } = this.contents;
    if (thumbnails === undefined) return undefined;
    return {
      hashes: async () => new Set(thumbnails.keys()),
      read: async (contentHash) => thumbnails.get(contentHash),
      put: async (given) => {
        for (const { contentHash, webp } of given) thumbnails.set(contentHash, Buffer.from(webp));
      },
      remove: async (hashes) => {
        for (const hash of hashes) thumbnails.delete(hash);
      },
      tidy: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  async write<T>(task: (writer: StoreWriter) => Promise<T>, { onWait, signal }: WriteOptions = {}): Promise<T> {
    if (this.contents.written) onWait?.(thisProcess());
    while (this.contents.written) {
      signal?.throwIfAborted();
      await setTimeout(pause);
    }
    checkUnreplaced(this.uri, this.stamp, this.contents.stamp);
    this.contents.written = true;
    try {
      return await task(new MemoryStoreWriter(this.uri, this.contents));
    } finally {
      this.contents.written = false;
    }
  }

  async close(): Promise<void> {}

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

class MemoryStoreWriter implements StoreWriter {
  constructor(
    private readonly uri: string,
    private readonly contents: Contents,
  ) {}

  async put(rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, this.contents.stamp, rows);
    this.#merge(keptImages(rows));
  }

  async takeUp(rows: readonly StoredVector[]): Promise<void> {
    await this.put(rows);
  }

  async describe(images: readonly StoredImage[]): Promise<void> {
    const rows = keptImages(images).flatMap((image) => {
      const before = this.contents.rows.get(image.id);
      return before === undefined ? [] : [{ ...image, vector: before.vector }];
    });
    this.#merge(rows);
  }

  #merge(rows: readonly StoredVector[]): void {
    const { fields } = this.contents;
    const added = newFields(this.uri, fields, rows);
    this.contents.fields = [...fields, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const row of rows) this.contents.rows.set(row.id, { ...row, vector: row.vector.slice() });
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.contents.rows.delete(id);
  }

  async replace(stamp: StoreStamp, rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, stamp, rows);
    const kept = keptImages(rows);
    newFields(this.uri, this.contents.fields, kept);
    this.contents.rows = new Map();
    this.contents.stamp = stamp;
    this.#merge(kept);
  }

  async setNote(name: StoreNoteName, text: string): Promise<void> {
    this.contents.notes.set(name, text);
  }

  async mend(): Promise<number> {
    return 0;
  }

  async tidy(): Promise<void> {}
}

/** What a search says of an image beside its distance. */
function knownOf({ id, metadata, addedFrom }: StoredImage): Omit<Neighbour, 'distance'> {
  return {
    id,
    ...(metadata === undefined ? {} : { metadata }),
    ...(addedFrom === undefined ? {} : { addedFrom }),
  };
}
