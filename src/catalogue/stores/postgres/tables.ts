import { StoreError } from '../../../foundation/errors/store-error.ts';
import type { MetadataField } from '../../metadata/metadata.ts';
import { notedFields } from '../metadata-json.ts';
import { parseNote } from '../store-note.ts';
import { parseStamp, type StoreStamp } from '../store-stamp.ts';
import type { StoreNoteName } from '../vector-store.ts';
import type { PostgresConnection, PostgresQueries } from './connection.ts';
import { type PostgresPlace, sqlName } from './place.ts';
import { type VectorExtension, vectorColumnType } from './vectors.ts';

/** What the second table of a store holds, each under its name: what the store is, its notes, and who writes it. */
export type AboutName = 'stamp' | 'fields' | 'lock' | StoreNoteName;

/** Elements that a column of pgvector's may have. */
const mostElements = 16_000;
/** Elements of vectors that stay in their row: a page has 8 KiB, and reading a row elsewhere takes longer than comparing it. */
const mostInRow = 1_800;

/** The stamp of the store at a place; undefined where there is no table. @throws if the table is something else's, or damaged. */
export async function stampOf(
  queries: PostgresQueries,
  uri: string,
  { table, about }: PostgresPlace,
): Promise<StoreStamp | undefined> {
  const { rows } = await queries.query('SELECT to_regclass($1)::text AS images, to_regclass($2)::text AS about', [
    table,
    about,
  ]);
  const [there] = rows;
  if (there.images === null && there.about === null) return undefined;
  const text = there.images === null || there.about === null ? undefined : await noted(queries, uri, about, 'stamp');
  if (text !== undefined) return parseStamp(uri, text);
  throw new StoreError(
    `'${uri}' is, or needs, a table of something else, not a store of lookalike's: choose another name for the table`,
  );
}

/** What the second table has under a name. @throws if it is no such table. */
export async function noted(
  queries: PostgresQueries,
  uri: string,
  about: string,
  name: AboutName,
): Promise<string | undefined> {
  const { rows } = await queries.query(`SELECT text FROM ${about} WHERE name = $1`, [name]).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === '42703')) throw error;
    return { rows: [] };
  });
  if (rows.length === 0) return undefined;
  const [{ text }] = rows;
  if (typeof text === 'string') return text;
  throw new StoreError(`the store '${uri}' is damaged: its note '${name}' is no text: index into another one`);
}

/** Keeps something in the second table. */
export async function keepNote(queries: PostgresQueries, about: string, name: AboutName, text: string): Promise<void> {
  const replace = 'ON CONFLICT (name) DO UPDATE SET text = excluded.text, written_at = clock_timestamp()';
  await queries.query(`INSERT INTO ${about} (name, text) VALUES ($1, $2) ${replace}`, [name, text]);
}

/** The fields of a store's metadata, in code-unit order of their names. */
export async function fieldsOf(queries: PostgresQueries, uri: string, about: string): Promise<MetadataField[]> {
  const text = await noted(queries, uri, about, 'fields');
  if (text === undefined) return [];
  return parseNote(uri, 'list of the fields of the metadata', text, notedFields);
}

/** The pgvector of a database. @throws if it has none, or one before 0.7, with how to get it. */
export async function vectorExtension(queries: PostgresQueries, uri: string): Promise<VectorExtension> {
  const { rows } = await queries.query(
    `SELECT n.nspname AS schema, e.extversion AS version, t.oid AS type FROM pg_extension e
     JOIN pg_namespace n ON n.oid = e.extnamespace JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = 'vector'
     WHERE e.extname = 'vector'`,
  );
  if (rows.length === 0) {
    throw new StoreError(
      `the database of the store '${uri}' has not the extension pgvector: run CREATE EXTENSION vector there as an administrator; ` +
        'if the server does not have it, install the package postgresql-…-pgvector',
    );
  }
  const [{ schema, version, type }] = rows;
  const [major, minor] = String(version).split('.').map(Number);
  if (major === 0 && minor < 7) {
    throw new StoreError(
      `the database of the store '${uri}' has pgvector ${version}, expected 0.7 or newer: ` +
        'install that, and run ALTER EXTENSION vector UPDATE',
    );
  }
  return { schema: sqlName(String(schema)), type: Number(type) };
}

/** Makes the empty tables of a store, unless another task has made them just before. @returns the stamp that they have. */
export async function makeTables(
  connection: PostgresConnection,
  uri: string,
  place: PostgresPlace,
  stamp: StoreStamp,
): Promise<StoreStamp> {
  checkDimension(stamp);
  return connection.transaction(async (queries) => {
    // One at a time makes the tables of this name, so that the second one finds them.
    await queries.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`lookalike ${place.table}`]);
    const there = await stampOf(queries, uri, place);
    if (there !== undefined) return there;
    await checkEncoding(queries, uri);
    const extension = await addedExtension(queries, uri);
    const { table, about } = place;
    await queries.query(`CREATE TABLE ${table} (${imageColumnsWithoutVector}, ${uniqueIds})`);
    await addVectorColumn(queries, table, stamp, extension);
    await queries.query(
      `CREATE TABLE ${about} (name text PRIMARY KEY, text text NOT NULL, written_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
    );
    await keepNote(queries, about, 'stamp', JSON.stringify(stamp));
    return stamp;
  });
}

/** The columns of a table of images but for that of the vectors. */
const imageColumnsWithoutVector = `id text COLLATE "C" NOT NULL, content_hash text NOT NULL, modified_at float8 NOT NULL,
  byte_length float8 NOT NULL, added_from text, metadata jsonb NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp()`;

async function addVectorColumn(
  queries: PostgresQueries,
  table: string,
  stamp: StoreStamp,
  extension: VectorExtension,
): Promise<void> {
  await queries.query(`ALTER TABLE ${table} ADD COLUMN vector ${vectorColumnType(stamp, extension)} NOT NULL`);
  if (stamp.distance === 'hamming' || stamp.dimension > mostInRow) return;
  await queries.query(`ALTER TABLE ${table} ALTER COLUMN vector SET STORAGE PLAIN`);
}

/** Makes a table for rows of a stamp that is gone at the end of the transaction. @returns its name. */
export async function makePassingTable(
  queries: PostgresQueries,
  stamp: StoreStamp,
  extension: VectorExtension,
): Promise<string> {
  const passing = 'pg_temp.lookalike_rows';
  await queries.query(`CREATE TEMPORARY TABLE lookalike_rows (${imageColumnsWithoutVector}) ON COMMIT DROP`);
  await addVectorColumn(queries, passing, stamp, extension);
  return passing;
}

/**
 * Empties the table of a store, and gives it a column for vectors of another stamp; what users may do with it, and its other
 * indexes, stay. Readers wait from here to the end of the transaction.
 */
export async function changeStamp(
  queries: PostgresQueries,
  { table, about }: PostgresPlace,
  stamp: StoreStamp,
  extension: VectorExtension,
): Promise<void> {
  await queries.query(`TRUNCATE ${table}`);
  await queries.query(`ALTER TABLE ${table} DROP COLUMN vector`);
  await addVectorColumn(queries, table, stamp, extension);
  await keepNote(queries, about, 'stamp', JSON.stringify(stamp));
}

/** @throws if a model has more dimensions than a column of vectors. */
export function checkDimension({ distance, dimension, modelName }: StoreStamp): void {
  if (distance === 'hamming' || dimension <= mostElements) return;
  throw new StoreError(
    `PostgreSQL keeps vectors of at most ${mostElements} dimensions, the model '${modelName}' has ${dimension}: use another kind of store`,
  );
}

/** That ids are unique, by an index that takes ids of any length: an ordered one would take none above 2,704 bytes. */
export const uniqueIds = 'EXCLUDE USING hash (id WITH =)';

async function checkEncoding(queries: PostgresQueries, uri: string): Promise<void> {
  const { rows } = await queries.query("SELECT current_setting('server_encoding') AS encoding");
  const [{ encoding }] = rows;
  if (encoding === 'UTF8') return;
  throw new StoreError(
    `the database of the store '${uri}' keeps texts as ${encoding}, which has not every character: name one made with ENCODING 'UTF8'`,
  );
}

/** Adds pgvector to a database whose server has it, as far as this user may. */
async function addedExtension(queries: PostgresQueries, uri: string): Promise<VectorExtension> {
  await queries.query('SAVEPOINT before_extension');
  await queries
    .query('CREATE EXTENSION IF NOT EXISTS vector')
    .catch(() => queries.query('ROLLBACK TO SAVEPOINT before_extension'));
  return vectorExtension(queries, uri);
}

/** @throws if the column of vectors is not of the stamp's kind any more: somebody has changed the table. */
export async function checkColumn(
  queries: PostgresQueries,
  uri: string,
  { table }: PostgresPlace,
  stamp: StoreStamp,
): Promise<void> {
  const { rows } = await queries.query(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attname = 'vector' AND NOT attisdropped`,
    [table],
  );
  const found = rows.length === 0 ? 'missing' : String(rows[0].type);
  const expected = stamp.distance === 'hamming' ? `bit(${stamp.dimension})` : `vector(${stamp.dimension})`;
  if (found === expected || found.endsWith(`.${expected}`)) return;
  throw new StoreError(
    `the store '${uri}' is damaged: its column of vectors is ${found}, expected ${expected}: bring the table back from a copy, or index into another one`,
  );
}
