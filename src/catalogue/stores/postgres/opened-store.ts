import { z } from 'zod';
import type { MetadataField } from '../../metadata/metadata.ts';
import { checkNeighbourCount, checkUnreplaced, checkVector } from '../check-vectors.ts';
import { noStore } from '../no-store.ts';
import { effortOfSearch, type SearchDemand } from '../store-index.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { StoreThumbnails } from '../store-thumbnails.ts';
import type {
  ImageFilter,
  Neighbour,
  StoredImage,
  StoredVector,
  StoreFacts,
  StoreNoteName,
  StoreSearcher,
  StoreWriter,
  VectorStore,
  WriteOptions,
} from '../vector-store.ts';
import type { PostgresQueries, PostgresRow } from './connection.ts';
import { postgresError } from './error.ts';
import { postgresCondition, SqlParameters } from './filter.ts';
import { PostgresIndexes } from './indexes.ts';
import { PostgresLock } from './lock.ts';
import { imageColumns, neighbourOf, storedImageOf, storedVectorOf } from './rows.ts';
import { fieldsOf, noted, stampOf } from './tables.ts';
import { PostgresThumbnails } from './thumbnails.ts';
import { sqlDistance, sqlVectorText, vectorBytes } from './vectors.ts';
import { type OpenedTables, PostgresWriter } from './writer.ts';

/** Rows that `scan` gives at a time. */
const rowsAScan = 1000;

/** A store whose tables are there; see `postgresStores`. */
export class PostgresStore implements VectorStore {
  readonly uri: string;
  readonly stamp: StoreStamp;
  readonly indexes: PostgresIndexes;

  constructor(private readonly tables: OpenedTables) {
    this.uri = tables.uri;
    this.stamp = tables.stamp;
    this.indexes = new PostgresIndexes(tables, (work) => this.#reading(work));
  }

  async images(filter: ImageFilter = {}): Promise<StoredImage[]> {
    const parameters = new SqlParameters();
    const condition = postgresCondition(filter, await this.fields(), parameters);
    const { table } = this.tables.place;
    const rows = await this.#rows(`SELECT ${imageColumns} FROM ${table} WHERE ${condition}`, parameters.values);
    return rows.map(storedImageOf).sort(byId);
  }

  async fields(): Promise<MetadataField[]> {
    return this.#reading((queries) => fieldsOf(queries, this.uri, this.tables.place.about));
  }

  async rows(ids: readonly string[]): Promise<StoredVector[]> {
    if (ids.length === 0) return [];
    const parameters = new SqlParameters();
    const text = `${this.#selectRows(parameters)} AND id = ANY(${parameters.add(ids, 'text[]')})`;
    const rows = await this.#ownRows(text, parameters.values);
    return rows.map((row) => storedVectorOf(row, this.stamp)).sort(byId);
  }

  async *scan(): AsyncIterable<StoredVector[]> {
    const parameters = new SqlParameters();
    const text = this.#selectRows(parameters);
    let seen = 0;
    try {
      for await (const rows of this.tables.connection.pages(text, parameters.values, rowsAScan)) {
        seen += rows.length;
        yield rows.map((row) => storedVectorOf(row, this.stamp));
      }
      if (seen === 0) await this.#checkUnreplaced();
    } catch (error) {
      throw postgresError('read the store', this.uri, error);
    }
  }

  async count(): Promise<number> {
    const [row] = await this.#rows(`SELECT count(*)::float8 AS number FROM ${this.tables.place.table}`);
    return numberRow.parse(row).number;
  }

  async search(
    vector: Float32Array,
    k: number,
    filter: ImageFilter = {},
    demand: SearchDemand = {},
  ): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    const effort = await effortOfSearch(() => this.indexes.state(), k, filter, demand);
    if (effort !== undefined) {
      const found = await this.indexes.search(vector, k, effort).catch(async (error: unknown) => {
        await this.#checkUnreplaced();
        throw error;
      });
      // A graph that rows were taken out of may give fewer.
      if (found.length === k) return found;
    }
    return this.#byComparing(vector, k, filter);
  }

  async #byComparing(vector: Float32Array, k: number, filter: ImageFilter): Promise<Neighbour[]> {
    const { place, extension } = this.tables;
    const parameters = new SqlParameters();
    parameters.values.push(vectorBytes(this.stamp, vector));
    const condition = postgresCondition(filter, await this.fields(), parameters);
    const distance = sqlDistance(this.stamp, extension, 1);
    const rows = await this.#ownRows(
      `SELECT id, added_from, metadata::text AS metadata, ${distance} AS distance FROM ${place.table}
       WHERE ${this.#isUnreplaced(parameters)} AND ${condition} ORDER BY distance, id LIMIT ${parameters.add(k, 'bigint')}`,
      parameters.values,
    );
    return rows.map(neighbourOf).sort((a, b) => a.distance - b.distance || byId(a, b));
  }

  async searchers(): Promise<readonly StoreSearcher[]> {
    return [{ name: this.uri, search: this.search.bind(this) }];
  }

  async note(name: StoreNoteName): Promise<string | undefined> {
    return this.#reading((queries) => noted(queries, this.uri, this.tables.place.about, name));
  }

  async facts(): Promise<StoreFacts> {
    const { table, about, thumbnails } = this.tables.place;
    const size = 'sum(pg_total_relation_size(to_regclass(name)))::float8';
    const [row] = await this.#rows(`SELECT ${size} AS number FROM unnest($1::text[]) AS name`, [
      [table, about, thumbnails],
    ]);
    return { bytes: numberRow.parse(row).number, index: 'exact' };
  }

  thumbnails(create = false): Promise<StoreThumbnails | undefined> {
    return PostgresThumbnails.open(this.tables, create);
  }

  async write<T>(task: (writer: StoreWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const { connection, place } = this.tables;
    const lock = await PostgresLock.take(connection, place.about, this.uri, options).catch((error: unknown) => {
      throw postgresError('write the store', this.uri, error);
    });
    try {
      await this.#checkUnreplaced();
      return await task(new PostgresWriter(this.tables, lock));
    } finally {
      await lock.release();
    }
  }

  async close(): Promise<void> {
    await this.tables.connection.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #selectRows(parameters: SqlParameters): string {
    const { place, extension } = this.tables;
    const vector = sqlVectorText(this.stamp, extension);
    return `SELECT ${imageColumns}, ${vector} AS vector FROM ${place.table} WHERE ${this.#isUnreplaced(parameters)}`;
  }

  /** The condition that the store has vectors as when it was opened, as a statement sees it together with its rows. */
  #isUnreplaced(parameters: SqlParameters): string {
    const { modelId, distance, dimension } = this.stamp;
    const vectors = parameters.add(JSON.stringify({ modelId, distance, dimension }), 'jsonb');
    return `(SELECT text::jsonb FROM ${this.tables.place.about} WHERE name = 'stamp') @> ${vectors}`;
  }

  async #checkUnreplaced(): Promise<void> {
    const now = await this.#reading((queries) => stampOf(queries, this.uri, this.tables.place));
    if (now === undefined) throw noStore(this.uri);
    checkUnreplaced(this.uri, this.stamp, now);
  }

  /** The rows of a statement that has `#isUnreplaced` as a condition. */
  async #ownRows(text: string, values: readonly unknown[]): Promise<PostgresRow[]> {
    const rows = await this.#rows(text, values).catch(async (error: unknown) => {
      await this.#checkUnreplaced();
      throw error;
    });
    if (rows.length === 0) await this.#checkUnreplaced();
    return rows;
  }

  async #rows(text: string, values: readonly unknown[] = []): Promise<PostgresRow[]> {
    return this.#reading(async (queries) => (await queries.query(text, values)).rows);
  }

  async #reading<T>(work: (queries: PostgresQueries) => Promise<T>): Promise<T> {
    try {
      return await work(this.tables.connection);
    } catch (error) {
      throw postgresError('read the store', this.uri, error);
    }
  }
}

const numberRow = z.object({ number: z.number() });

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
