import type { Connection, Table, VectorQuery } from '@lancedb/lancedb';
import { z } from 'zod';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { checkDistance, checkNeighbourCount, checkVector } from './check-vectors.ts';
import { isGone, lanceDbError } from './lancedb-error.ts';
import { sqlCondition } from './lancedb-filter.ts';
import { type LanceDbLibrary, loadLanceDb } from './lancedb-library.ts';
import { giveFileMode } from './lancedb-modes.ts';
import {
  createTable,
  hasTable,
  idMetadata,
  makeFolder,
  noStore,
  openTable,
  sourceKey,
  stampOf,
} from './lancedb-table.ts';
import { keptVector } from './lancedb-vectors.ts';
import { LanceDbWriter } from './lancedb-writer.ts';
import { lockStore } from './store-lock.ts';
import { folderOfStore } from './store-place.ts';
import { checkStamp, type StoreStamp } from './store-stamp.ts';
import type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoreWriter,
  VectorStore,
  VectorStoreKind,
  WriteOptions,
} from './vector-store.ts';

/** Seconds for which a reader of a store that is not in a folder may go on with a state that it knows. */
const remoteStaleness = 5;
/** Tries of a read whose state is cleared up by a writer meanwhile. */
const mostTries = 3;

/**
 * Stores on disk, in a folder: LanceDB's embedded database. A write is one commit of the table, so it is there whole or
 * not at all, also after a kill. One task writes at a time, by a lock in the folder; a reader sees the last commit, and begins
 * again where a writer clears up the state that it reads. Searching compares with every vector. A store for Hamming distances
 * keeps the sign bits of vectors alone, one bit an element instead of four bytes.
 *
 * A store may also be at an address that LanceDB knows, such as `s3://bucket/store`. There is no lock there: two writers at
 * once write no image twice, but may remove or replace what the other has just written.
 */
export const lanceDbStores: VectorStoreKind = {
  distances: ['euclidean', 'squared-euclidean', 'cosine', 'hamming'],

  async stampAt(uri: string): Promise<StoreStamp | undefined> {
    const folder = folderOfStore(uri);
    if (folder !== undefined && !(await hasTable(uri, folder))) return undefined;
    const connection = await connectTo(await loadLanceDb(), uri, folder);
    try {
      const table = await openTable(connection, uri);
      return table && (await stampOf(table, uri));
    } finally {
      connection.close();
    }
  },

  async open(uri: string, stamp: StoreStamp, options: OpenStoreOptions = {}): Promise<VectorStore> {
    const { create = false, anyDistance = false } = options;
    if (!anyDistance) checkDistance(lanceDbStores, uri, stamp);
    const folder = folderOfStore(uri);
    const isNew = folder !== undefined && !(await hasTable(uri, folder));
    if (isNew && !create) throw noStore(uri);
    if (isNew) await makeFolder(lanceDbStores, uri, folder, stamp);
    const library = await loadLanceDb();
    const connection = await connectTo(library, uri, folder);
    try {
      const found = await openTable(connection, uri);
      const make = () => openOrCreate(connection, library, uri, stamp);
      const table = found ?? (create ? await alone(uri, folder, options, make) : undefined);
      if (table === undefined) throw noStore(uri);
      const stored = await stampOf(table, uri);
      checkStamp(uri, stored, stamp, anyDistance);
      return new LanceDbStore(uri, stored, folder, connection, table);
    } catch (error) {
      connection.close();
      throw error;
    }
  },
};

async function connectTo({ lanceDb }: LanceDbLibrary, uri: string, folder: string | undefined): Promise<Connection> {
  try {
    return await lanceDb.connect(folder ?? uri, {
      readConsistencyInterval: folder === undefined ? remoteStaleness : 0,
    });
  } catch (error) {
    throw lanceDbError('open the store', uri, error);
  }
}

/** Makes a table with the lock of its folder, if it is in one. */
async function alone(
  uri: string,
  folder: string | undefined,
  options: WriteOptions,
  make: () => Promise<Table>,
): Promise<Table> {
  if (folder === undefined) return make();
  const lock = await lockStore(uri, folder, options);
  try {
    const table = await make();
    await giveFileMode(folder, lock.fileMode);
    return table;
  } finally {
    await lock.release();
  }
}

/** Another task may have made it just before. */
async function openOrCreate(
  connection: Connection,
  library: LanceDbLibrary,
  uri: string,
  stamp: StoreStamp,
): Promise<Table> {
  checkDistance(lanceDbStores, uri, stamp);
  return (await openTable(connection, uri)) ?? createTable(connection, library, uri, stamp);
}

class LanceDbStore implements VectorStore {
  constructor(
    readonly uri: string,
    readonly stamp: StoreStamp,
    private readonly folder: string | undefined,
    private readonly connection: Connection,
    private readonly table: Table,
  ) {}

  async images(): Promise<StoredImage[]> {
    const columns = ['id', 'contentHash', 'modifiedAt', 'byteLength'];
    const rows = await this.#reading(() => this.table.query().select(columns).toArray());
    const images = storedImages.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
    const unique = new Map(images.map((image) => [image.id, image]));
    return [...unique.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async count(): Promise<number> {
    return this.#reading(() => this.table.countRows());
  }

  async search(vector: Float32Array, k: number, filter: ImageFilter = {}): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    // In a store that another program wrote an image may be more than once: then more rows are asked for.
    for (let limit = k; ; limit *= 2) {
      const rows = await this.#nearestRows(vector, limit, filter);
      const nearest = new Map<string, Neighbour>();
      for (const row of rows) if (!nearest.has(row.id)) nearest.set(row.id, row);
      if (nearest.size >= k || rows.length < limit) return [...nearest.values()].slice(0, k);
    }
  }

  async #nearestRows(vector: Float32Array, limit: number, filter: ImageFilter): Promise<Neighbour[]> {
    const { distance } = this.stamp;
    const condition = sqlCondition(filter);
    const rows = await this.#reading(() => {
      const query = this.table
        .query()
        .nearestTo(keptVector(this.stamp, vector))
        .distanceType(lanceDbDistance(distance))
        .bypassVectorIndex()
        .limit(limit)
        .select(['id', '_distance']);
      return (condition === undefined ? query : query.where(condition)).toArray();
    });
    const found = foundRows.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
    return found
      .map(({ id, _distance }) => ({ id, distance: distance === 'euclidean' ? Math.sqrt(_distance) : _distance }))
      .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
  }

  async source(): Promise<string | undefined> {
    return this.#reading(() => idMetadata(this.table, sourceKey));
  }

  async write<T>(task: (writer: StoreWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const { uri, stamp, table, folder } = this;
    if (folder === undefined) {
      await this.#reading(() => table.checkoutLatest());
      return task(new LanceDbWriter(uri, stamp, table, undefined));
    }
    const lock = await lockStore(uri, folder, options);
    try {
      await this.#reading(() => table.checkoutLatest());
      return await task(new LanceDbWriter(uri, stamp, table, { folder, lock }));
    } finally {
      await lock.release();
    }
  }

  async close(): Promise<void> {
    this.table.close();
    this.connection.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Reads the last state of the table; begins again if a writer cleared that up meanwhile. */
  async #reading<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === mostTries || !isGone(error)) throw lanceDbError('read the store', this.uri, error);
        await this.table.checkoutLatest().catch(() => undefined);
      }
    }
  }
}

const storedImages = z.array(
  z.object({ id: z.string(), contentHash: z.string(), modifiedAt: z.number(), byteLength: z.number() }),
);
const foundRows = z.array(z.object({ id: z.string(), _distance: z.number() }));

type LanceDbDistance = Parameters<VectorQuery['distanceType']>[0];

/** What LanceDB calls a distance. */
function lanceDbDistance(distance: SearchDistanceName): LanceDbDistance {
  // Its types leave out a distance that it takes, as its documentation of indexes says.
  if (distance === 'hamming') return 'hamming' as string as LanceDbDistance;
  return distance === 'cosine' ? 'cosine' : 'l2';
}
