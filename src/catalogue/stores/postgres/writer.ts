import { z } from 'zod';
import { newFields } from '../../metadata/metadata-fields.ts';
import { keptImages } from '../check-metadata.ts';
import { checkRows, checkUnreplaced } from '../check-vectors.ts';
import { metadataJsonText } from '../metadata-json.ts';
import { type IndexRecipe, type IndexWriter, type MeasuredIndex, noIndex } from '../store-index.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { StoredImage, StoredVector, StoreNoteName, StoreWriter } from '../vector-store.ts';
import type { PostgresConnection, PostgresQueries } from './connection.ts';
import { postgresError } from './error.ts';
import { countChanged, createIndex, removeIndex } from './indexes.ts';
import type { PostgresLock } from './lock.ts';
import type { PostgresPlace } from './place.ts';
import { changeStamp, checkDimension, fieldsOf, keepNote, makePassingTable, uniqueIds } from './tables.ts';
import { type VectorExtension, vectorArray, vectorArrayType } from './vectors.ts';

/** A store in PostgreSQL that is open. */
export interface OpenedTables {
  readonly uri: string;
  readonly stamp: StoreStamp;
  readonly place: PostgresPlace;
  readonly extension: VectorExtension;
  readonly connection: PostgresConnection;
}

/** Rows that one statement takes. */
const rowsAStatement = 1000;

/** Writes a store; each call is one transaction. */
export class PostgresWriter implements StoreWriter {
  #stampNow: StoreStamp;

  constructor(
    private readonly tables: OpenedTables,
    private readonly lock: PostgresLock,
  ) {
    this.#stampNow = tables.stamp;
  }

  readonly indexes: IndexWriter = {
    make: (recipe: IndexRecipe) =>
      this.#writing(async (queries) => {
        await this.#removeIndex(queries);
        await createIndex(queries, this.tables, recipe);
      }),
    keep: (measured: MeasuredIndex) => this.setNote('index', JSON.stringify(measured)),
    drop: () => this.#writing((queries) => this.#removeIndex(queries)),
  };

  async #removeIndex(queries: PostgresQueries): Promise<void> {
    const { place } = this.tables;
    await keepNote(queries, place.about, 'index', noIndex);
    await removeIndex(queries, place);
  }

  async put(rows: readonly StoredVector[]): Promise<void> {
    const { uri, stamp, place, extension } = this.tables;
    checkRows(uri, stamp, rows);
    const kept = keptImages(rows);
    if (kept.length === 0) return;
    await this.#writing(async (queries) => {
      await this.#addFields(queries, kept);
      await queries.query(`DELETE FROM ${place.table} WHERE id = ANY($1::text[])`, [kept.map(({ id }) => id)]);
      await insert(queries, place.table, kept, stamp, extension);
      await countChanged(queries, place, kept.length);
    });
  }

  takeUp(rows: readonly StoredVector[]): Promise<void> {
    return this.put(rows);
  }

  async describe(images: readonly StoredImage[]): Promise<void> {
    const { table } = this.tables.place;
    // The last of several descriptions counts.
    const known = new Map(images.map((image) => [image.id, image]));
    if (known.size === 0) return;
    await this.#writing(async (queries) => {
      const { rows } = await queries.query(`SELECT id FROM ${table} WHERE id = ANY($1::text[])`, [[...known.keys()]]);
      const there = rows.flatMap(({ id }) => known.get(String(id)) ?? []);
      const kept = keptImages(there);
      await this.#addFields(queries, kept);
      for (const some of slices(kept)) {
        await queries.query(
          `UPDATE ${table} AS image SET content_hash = given.content_hash, modified_at = given.modified_at,
             byte_length = given.byte_length, added_from = given.added_from, metadata = given.metadata,
             written_at = clock_timestamp()
           FROM unnest(${imageArrays}) AS given (id, content_hash, modified_at, byte_length, added_from, metadata)
           WHERE image.id = given.id`,
          imageValues(some),
        );
      }
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { place } = this.tables;
    await this.#writing(async (queries) => {
      const { changed } = await queries.query(`DELETE FROM ${place.table} WHERE id = ANY($1::text[])`, [ids]);
      await countChanged(queries, place, changed);
    });
  }

  async replace(stamp: StoreStamp, rows: readonly StoredVector[]): Promise<void> {
    const { uri, place, extension } = this.tables;
    checkRows(uri, stamp, rows);
    checkDimension(stamp);
    const kept = keptImages(rows);
    await this.#writing(async (queries) => {
      await this.#addFields(queries, kept);
      // Readers wait only for the copy within the server.
      const passing = await makePassingTable(queries, stamp, extension);
      await insert(queries, passing, kept, stamp, extension);
      // The index goes with the column that it was made of.
      await changeStamp(queries, place, stamp, extension);
      await keepNote(queries, place.about, 'index', noIndex);
      await queries.query(`INSERT INTO ${place.table} (${columns}) SELECT ${columns} FROM ${passing}`);
    });
    this.#stampNow = stamp;
  }

  async setNote(name: StoreNoteName, text: string): Promise<void> {
    await this.#writing((queries) => keepNote(queries, this.tables.place.about, name, text));
  }

  async mend(): Promise<number> {
    const { table } = this.tables.place;
    return this.#writing(async (queries) => {
      const constraints = "SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'x'";
      // While the server itself keeps ids unique, there is nothing to look for.
      if ((await queries.query(constraints, [table])).rows.length > 0) return 0;
      const { rows } = await queries.query(
        `WITH older AS (
           DELETE FROM ${table} WHERE ctid IN (
             SELECT place FROM (
               SELECT ctid AS place, row_number() OVER (PARTITION BY id ORDER BY written_at DESC, ctid DESC) AS age FROM ${table}
             ) AS aged WHERE age > 1
           ) RETURNING id
         ) SELECT count(DISTINCT id)::float8 AS doubled FROM older`,
      );
      await queries.query(`ALTER TABLE ${table} ADD ${uniqueIds}`);
      return doubledRow.parse(rows[0]).doubled;
    });
  }

  async tidy(): Promise<void> {
    const { uri, place, connection } = this.tables;
    try {
      await this.lock.check(connection);
      await connection.query(`VACUUM (ANALYZE) ${place.table}`);
      await connection.query(`VACUUM ${place.about}`);
    } catch (error) {
      throw postgresError('tidy the store', uri, error);
    }
  }

  async #addFields(queries: PostgresQueries, images: readonly StoredImage[]): Promise<void> {
    const { uri, place } = this.tables;
    const fields = await fieldsOf(queries, uri, place.about);
    const added = newFields(uri, fields, images);
    if (added.length === 0) return;
    const all = [...fields, ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
    await keepNote(queries, place.about, 'fields', JSON.stringify(all));
  }

  async #writing<T>(work: (queries: PostgresQueries) => Promise<T>): Promise<T> {
    checkUnreplaced(this.tables.uri, this.tables.stamp, this.#stampNow);
    try {
      return await this.tables.connection.transaction(async (queries) => {
        await this.lock.check(queries);
        const done = await work(queries);
        await this.lock.check(queries);
        return done;
      });
    } catch (error) {
      throw postgresError('write the store', this.tables.uri, error);
    }
  }
}

const doubledRow = z.object({ doubled: z.number() });

const columns = 'id, content_hash, modified_at, byte_length, added_from, metadata, vector';

async function insert(
  queries: PostgresQueries,
  table: string,
  rows: readonly StoredVector[],
  stamp: StoreStamp,
  extension: VectorExtension,
): Promise<void> {
  for (const some of slices(rows)) {
    const vectors = some.map(({ vector }) => vector);
    await queries.query(
      `INSERT INTO ${table} (${columns}) SELECT * FROM unnest(${imageArrays}, $7::${vectorArrayType(stamp, extension)})`,
      [...imageValues(some), vectorArray(stamp, extension, vectors)],
    );
  }
}

/** The parameters that `imageValues` gives. */
const imageArrays = '$1::text[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::jsonb[]';

/** What is known of images, a column at a time. */
function imageValues(images: readonly StoredImage[]): unknown[] {
  return [
    images.map(({ id }) => id),
    images.map(({ contentHash }) => contentHash),
    images.map(({ modifiedAt }) => modifiedAt),
    images.map(({ byteLength }) => byteLength),
    images.map(({ addedFrom }) => addedFrom ?? null),
    images.map(({ metadata }) => metadataJsonText(metadata)),
  ];
}

function* slices<Row>(rows: readonly Row[]): Iterable<readonly Row[]> {
  for (let first = 0; first < rows.length; first += rowsAStatement) yield rows.slice(first, first + rowsAStatement);
}
