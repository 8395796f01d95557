import { setTimeout } from 'node:timers/promises';
import {
  checkDistance,
  checkNeighbourCount,
  checkRows,
  checkVector,
} from '../../src/catalogue/stores/check-vectors.ts';
import { checkStamp, type StoreStamp } from '../../src/catalogue/stores/store-stamp.ts';
import type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoredVector,
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
      contents = { stamp, rows: new Map(), source: undefined, written: false };
      this.#contents.set(uri, contents);
    }
    checkStamp(uri, contents.stamp, stamp, options.anyDistance);
    return new MemoryStore(uri, contents);
  }
}

interface Contents {
  readonly stamp: StoreStamp;
  readonly rows: Map<string, StoredVector>;
  source: string | undefined;
  /** True while a task writes it. */
  written: boolean;
}

class MemoryStore implements VectorStore {
  constructor(
    readonly uri: string,
    private readonly contents: Contents,
  ) {}

  get stamp(): StoreStamp {
    return this.contents.stamp;
  }

  async images(): Promise<StoredImage[]> {
    return [...this.contents.rows.values()]
      .map(({ id, contentHash, modifiedAt, byteLength }) => ({ id, contentHash, modifiedAt, byteLength }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async count(): Promise<number> {
    return this.contents.rows.size;
  }

  async search(vector: Float32Array, k: number, filter: ImageFilter = {}): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    const { between } = searchDistanceByName(this.stamp.distance);
    const { prefix = '', except = [] } = filter;
    return [...this.contents.rows.values()]
      .filter(({ id }) => id.startsWith(prefix) && !except.includes(id))
      .map((row) => ({ id: row.id, distance: between(vector, row.vector) }))
      .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
      .slice(0, k);
  }

  async source(): Promise<string | undefined> {
    return this.contents.source;
  }

  async write<T>(task: (writer: StoreWriter) => Promise<T>, { onWait, signal }: WriteOptions = {}): Promise<T> {
    if (this.contents.written) onWait?.(thisProcess());
    while (this.contents.written) {
      signal?.throwIfAborted();
      await setTimeout(pause);
    }
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
    for (const row of rows) this.contents.rows.set(row.id, { ...row, vector: row.vector.slice() });
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.contents.rows.delete(id);
  }

  async setSource(source: string): Promise<void> {
    this.contents.source = source;
  }

  async mend(): Promise<number> {
    return 0;
  }

  async tidy(): Promise<void> {}
}
