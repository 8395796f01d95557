import { mkdir, readdir } from 'node:fs/promises';
import type { Connection, Table, VectorQuery } from '@lancedb/lancedb';
import { z } from 'zod';
import type { SearchDistanceName } from '../distances/search-distance.ts';
import { signBits, signByteLength } from '../distances/sign-bits.ts';
import { codeOf, fileError } from '../files/file-error.ts';
import { checkDistance, checkNeighbourCount, checkRows, checkVector } from './check-vectors.ts';
import { lanceDbError } from './lancedb-error.ts';
import { sqlCondition, sqlList } from './lancedb-filter.ts';
import { checkStamp, type StoreStamp, storeStampSchema } from './store-stamp.ts';
import type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoredVector,
  VectorStore,
  VectorStoreKind,
} from './vector-store.ts';

const tableName = 'images';
const stampKey = 'lookalike.stamp';
const sourceKey = 'lookalike.source';
/** Ids that one statement removes. */
const idsAStatement = 1000;
/** How long files that only older states of the table need are kept for whoever is reading one. */
const keptMilliseconds = 60 * 60 * 1000;

/**
 * Stores on disk, in a folder: LanceDB's embedded database. A write is one commit of the table, so it is there whole or
 * not at all, also after a kill; several processes may read and write at once. Searching compares with every vector. A store
 * for Hamming distances keeps the sign bits of vectors alone, one bit an element instead of four bytes.
 */
export const lanceDbStores: VectorStoreKind = {
  distances: ['euclidean', 'squared-euclidean', 'cosine', 'hamming'],
  async open(uri: string, stamp: StoreStamp, options: OpenStoreOptions = {}): Promise<VectorStore> {
    if (!options.anyDistance) checkDistance(lanceDbStores, uri, stamp);
    if (!isRemote(uri)) await checkFolder(uri, stamp, options.create === true);
    // LanceDB takes a quarter of a second to load: whoever opens no store need not wait for it.
    const { connect } = await import('@lancedb/lancedb');
    const connection = await connect(uri).catch((error: unknown) => {
      throw lanceDbError('open the store', uri, error);
    });
    try {
      const table =
        (await openTable(connection, uri)) ?? (options.create ? await createTable(connection, uri, stamp) : undefined);
      if (table === undefined) throw noStore(uri);
      const stored = await stampOf(table, uri);
      checkStamp(uri, stored, stamp, options.anyDistance);
      return new LanceDbStore(uri, stored, connection, table);
    } catch (error) {
      connection.close();
      throw error;
    }
  },
};

class LanceDbStore implements VectorStore {
  constructor(
    readonly uri: string,
    readonly stamp: StoreStamp,
    private readonly connection: Connection,
    private readonly table: Table,
  ) {}

  async put(rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, this.stamp, rows);
    if (rows.length === 0) return;
    const merge = this.table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll();
    await this.#writing(() => merge.execute(rows.map((row) => ({ ...row, vector: this.#kept(row.vector) }))));
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (let first = 0; first < ids.length; first += idsAStatement) {
      const some = ids.slice(first, first + idsAStatement);
      await this.#writing(() => this.table.delete(`id IN ${sqlList(some)}`));
    }
  }

  async images(): Promise<StoredImage[]> {
    const columns = ['id', 'contentHash', 'modifiedAt', 'byteLength'];
    const rows = await this.#reading(() => this.table.query().select(columns).toArray());
    const images = storedImages.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
    return images.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async count(): Promise<number> {
    return this.#reading(() => this.table.countRows());
  }

  async search(vector: Float32Array, k: number, filter: ImageFilter = {}): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    const { distance } = this.stamp;
    const query = this.table
      .query()
      .nearestTo(this.#kept(vector))
      .distanceType(lanceDbDistance(distance))
      .bypassVectorIndex()
      .limit(k)
      .select(['id', '_distance']);
    const condition = sqlCondition(filter);
    const rows = await this.#reading(() => (condition === undefined ? query : query.where(condition)).toArray());
    const found = foundRows.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
    return found
      .map(({ id, _distance }) => ({ id, distance: distance === 'euclidean' ? Math.sqrt(_distance) : _distance }))
      .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
  }

  async source(): Promise<string | undefined> {
    const schema = await this.#reading(() => this.table.schema());
    return schema.fields.find(({ name }) => name === 'id')?.metadata.get(sourceKey);
  }

  async setSource(source: string): Promise<void> {
    await this.#writing(() => this.table.updateFieldMetadata([{ path: 'id', metadata: { [sourceKey]: source } }]));
  }

  async tidy(): Promise<void> {
    const cleanupOlderThan = new Date(Date.now() - keptMilliseconds);
    await this.#writing(() => this.table.optimize({ cleanupOlderThan }));
  }

  async close(): Promise<void> {
    this.table.close();
    this.connection.close();
  }

  /** A vector as this store keeps it. */
  #kept(vector: Float32Array): Float32Array | Uint8Array {
    return this.stamp.distance === 'hamming' ? signBits(vector) : vector;
  }

  async #writing<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw lanceDbError('write the store', this.uri, error);
    });
  }

  async #reading<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw lanceDbError('read the store', this.uri, error);
    });
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

function isRemote(uri: string): boolean {
  return /^[a-z][a-z0-9+]+:\/\//i.test(uri);
}

function noStore(uri: string): Error {
  return new Error(`there is no store at '${uri}': index a folder of images into it first, or check the path`);
}

/**
 * Makes the folder of a new store if asked. Refuses a folder that holds something else, and to make a store that could not be
 * searched.
 */
async function checkFolder(uri: string, stamp: StoreStamp, create: boolean): Promise<void> {
  const refuse = (error: unknown): never => {
    if (codeOf(error) === 'ENOTDIR' || codeOf(error) === 'EEXIST') {
      throw new Error(`'${uri}' is or lies in a file, but a store is a folder: choose another place`, { cause: error });
    }
    throw fileError(create ? 'make the store' : 'open the store', uri, error);
  };
  const names = await readdir(uri).catch((error: unknown): string[] =>
    codeOf(error) === 'ENOENT' ? [] : refuse(error),
  );
  if (names.includes(`${tableName}.lance`)) return;
  if (!create) throw noStore(uri);
  if (names.length > 0) {
    throw new Error(`'${uri}' is a folder with other things in it ('${names[0]}'), not a store: choose another place`);
  }
  checkDistance(lanceDbStores, uri, stamp);
  await mkdir(uri, { recursive: true }).catch(refuse);
}

/** The table of a store, or undefined where there is none, or only the empty folder of one that was never finished. */
async function openTable(connection: Connection, uri: string): Promise<Table | undefined> {
  try {
    return await connection.openTable(tableName);
  } catch (error) {
    if (/was not found/.test((error as Error).message)) return undefined;
    throw lanceDbError('open the store', uri, error);
  }
}

async function createTable(connection: Connection, uri: string, stamp: StoreStamp): Promise<Table> {
  checkDistance(lanceDbStores, uri, stamp);
  const { Field, FixedSizeList, Float32, Float64, Schema, Uint8, Utf8 } = await import('apache-arrow');
  const vector =
    stamp.distance === 'hamming'
      ? new FixedSizeList(signByteLength(stamp.dimension), new Field('item', new Uint8(), false))
      : new FixedSizeList(stamp.dimension, new Field('item', new Float32(), false));
  const fields = [
    new Field('id', new Utf8(), false),
    new Field('contentHash', new Utf8(), false),
    new Field('modifiedAt', new Float64(), false),
    new Field('byteLength', new Float64(), false),
    new Field('vector', vector, false),
  ];
  const schema = new Schema(fields, new Map([[stampKey, JSON.stringify(stamp)]]));
  try {
    return await connection.createEmptyTable(tableName, schema, { mode: 'create', existOk: true });
  } catch (error) {
    throw lanceDbError('make the store', uri, error);
  }
}

async function stampOf(table: Table, uri: string): Promise<StoreStamp> {
  const schema = await table.schema();
  const text = schema.metadata.get(stampKey);
  const stamp = storeStampSchema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (stamp.success) return stamp.data;
  throw new Error(`'${uri}' is a LanceDB database, but not a store of lookalike's: choose another place`);
}
