import { searchDistanceByName, searchDistanceNames } from '../distances/search-distance-by-name.ts';
import { checkDistance, checkNeighbourCount, checkRows, checkVector } from './check-vectors.ts';
import { checkStamp, type StoreStamp } from './store-stamp.ts';
import type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoredVector,
  VectorStore,
  VectorStoreKind,
} from './vector-store.ts';

/**
 * Stores that live as long as this object does, each under the name given as its `uri`. Searching compares with every
 * vector in float64: it is what the other stores are checked against, and a stand-in for them in tests.
 */
export class MemoryStores implements VectorStoreKind {
  readonly distances = searchDistanceNames;
  readonly #contents = new Map<string, Contents>();

  async open(uri: string, stamp: StoreStamp, options: OpenStoreOptions = {}): Promise<VectorStore> {
    checkDistance(this, uri, stamp);
    let contents = this.#contents.get(uri);
    if (contents === undefined) {
      if (options.create !== true)
        throw new Error(`there is no store '${uri}': index a folder of images into it first`);
      contents = { stamp, rows: new Map(), source: undefined };
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
}

class MemoryStore implements VectorStore {
  constructor(
    readonly uri: string,
    private readonly contents: Contents,
  ) {}

  get stamp(): StoreStamp {
    return this.contents.stamp;
  }

  async put(rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, this.stamp, rows);
    for (const row of rows) this.contents.rows.set(row.id, { ...row, vector: row.vector.slice() });
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.contents.rows.delete(id);
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

  async setSource(source: string): Promise<void> {
    this.contents.source = source;
  }

  async tidy(): Promise<void> {}

  async close(): Promise<void> {}
}
