import { z } from 'zod';
import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import {
  type IndexAdvice,
  type IndexRecipe,
  type IndexState,
  indexState,
  parseMeasuredIndex,
  type SearchEffort,
  type StoreIndexes,
  tooFewToIndex,
} from '../store-index.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { Neighbour, StoredVector } from '../vector-store.ts';
import type { PostgresConnection, PostgresQueries, PostgresRow } from './connection.ts';
import { type PostgresPlace, sqlName } from './place.ts';
import { imageColumns, neighbourOf, storedVectorOf } from './rows.ts';
import { noted } from './tables.ts';
import { sqlDistance, sqlVectorText, type VectorExtension, vectorBytes } from './vectors.ts';

/** What the indexes of a store need to know of it. */
export interface IndexedTables {
  readonly uri: string;
  readonly stamp: StoreStamp;
  readonly place: PostgresPlace;
  readonly extension: VectorExtension;
  readonly connection: PostgresConnection;
}

/** Elements that a vector in a graph of pgvector's may have, and bits. */
const mostElements = { vector: 2000, bit: 64_000 } as const;
/** Candidates that a search may keep in mind, at most: pgvector's limit. */
const mostCandidates = 1000;
/** Memory that making a graph may take, in MiB: below it pgvector's default, above it a server's patience. */
const memoryBounds = { least: 64, most: 4096 } as const;

/** pgvector's operators and their classes: an index is asked by an operator alone. */
const operators: Readonly<Record<SearchDistanceName, { readonly operator: string; readonly classOf: string }>> = {
  euclidean: { operator: '<->', classOf: 'vector_l2_ops' },
  'squared-euclidean': { operator: '<->', classOf: 'vector_l2_ops' },
  cosine: { operator: '<=>', classOf: 'vector_cosine_ops' },
  manhattan: { operator: '<+>', classOf: 'vector_l1_ops' },
  hamming: { operator: '<~>', classOf: 'bit_hamming_ops' },
};

/** The indexes of pgvector that are worth measuring: its graph (HNSW). */
export function postgresAdvice({ distance, dimension }: StoreStamp, rows: number): IndexAdvice {
  const most = distance === 'hamming' ? mostElements.bit : mostElements.vector;
  if (dimension > most) {
    return { recipes: [], reason: `pgvector makes graphs of at most ${most} dimensions, the store has ${dimension}` };
  }
  const tooFew = tooFewToIndex(rows);
  if (tooFew !== undefined) return tooFew;
  const efforts = [16, 32, 64, 128, 256, 512, mostCandidates].map((candidates) => ({ candidates }));
  return {
    recipes: [{ kind: 'hnsw', build: { m: 16, efConstruction: 100 }, efforts }],
    reason: `${rows} images: pgvector's graph, with 16 links an image`,
  };
}

/** The name of a store's index, as SQL writes it, within its schema. */
export async function indexNameOf(queries: PostgresQueries, { table }: PostgresPlace): Promise<string> {
  const { rows } = await queries.query('SELECT oid::text AS number FROM pg_class WHERE oid = to_regclass($1)', [table]);
  return sqlName(`lookalike_vectors_${numberRow.parse(rows[0]).number}`);
}

/** Makes the graph of a table within a transaction; writing waits, reading goes on. */
export async function createIndex(
  queries: PostgresQueries,
  { stamp, place, extension }: Omit<IndexedTables, 'connection'>,
  { build }: IndexRecipe,
): Promise<void> {
  const { rows } = await queries.query(`SELECT count(*)::float8 AS number FROM ${place.table}`);
  const bytes = Number(rows[0].number) * (4 * stamp.dimension + 24 * build.m);
  const { least, most } = memoryBounds;
  const memory = Math.min(most, Math.max(least, Math.ceil((1.3 * bytes) / 2 ** 20)));
  await queries.query("SELECT set_config('maintenance_work_mem', $1, true)", [`${memory}MB`]);
  const { classOf } = operators[stamp.distance];
  await queries.query(
    `CREATE INDEX ${await indexNameOf(queries, place)} ON ${place.table}
     USING hnsw (vector ${extension.schema}.${classOf}) WITH (m = ${Math.trunc(build.m)}, ef_construction = ${Math.trunc(build.efConstruction)})`,
  );
}

/** Takes the index of a table away, if there is one. */
export async function removeIndex(queries: PostgresQueries, place: PostgresPlace): Promise<void> {
  const name = await indexNameOf(queries, place);
  const { rows } = await queries.query(
    `SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)`,
    [place.table],
  );
  await queries.query(`DROP INDEX IF EXISTS ${sqlName(String(rows[0].schema))}.${name}`);
}

/** Notes within a transaction that so many images went into the index or out of it, where it was measured. */
export async function countChanged(queries: PostgresQueries, { about }: PostgresPlace, images: number): Promise<void> {
  await queries.query(
    `UPDATE ${about} SET text = jsonb_set(text::jsonb, '{joined}', to_jsonb(coalesce((text::jsonb ->> 'joined')::float8, 0) + $1::float8))::text
     WHERE name = 'index' AND text <> 'null'`,
    [images],
  );
}

/** The indexes of an open store. */
export class PostgresIndexes implements StoreIndexes {
  constructor(
    private readonly tables: IndexedTables,
    private readonly reading: <T>(work: (queries: PostgresQueries) => Promise<T>) => Promise<T>,
  ) {}

  advice(rows: number): IndexAdvice {
    return postgresAdvice(this.tables.stamp, rows);
  }

  async sample(count: number): Promise<StoredVector[]> {
    const { stamp, extension, place } = this.tables;
    const rows = await this.reading(async (queries) => {
      const found = await queries.query(
        `SELECT ${imageColumns}, ${sqlVectorText(stamp, extension)} AS vector FROM ${place.table}
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${place.table} ORDER BY hashtext(id), id LIMIT $1::bigint))`,
        [count],
      );
      return found.rows;
    });
    return rows.map((row) => storedVectorOf(row, stamp));
  }

  async state(): Promise<IndexState | undefined> {
    const { uri, place } = this.tables;
    const text = await this.reading((queries) => noted(queries, uri, place.about, 'index'));
    const measured = parseMeasuredIndex(uri, text);
    // The server puts every image into the index as it is written.
    return measured && indexState(measured, 0, measured.joined);
  }

  async search(vector: Float32Array, k: number, { candidates }: SearchEffort): Promise<Neighbour[]> {
    const { stamp, place, extension, connection } = this.tables;
    const { operator } = operators[stamp.distance];
    const type = stamp.distance === 'hamming' ? `bit(${stamp.dimension})` : `${extension.schema}.vector`;
    const nearest = `SELECT id, added_from, metadata::text AS metadata, ${sqlDistance(stamp, extension, 1)} AS distance
      FROM ${place.table} WHERE (SELECT text::jsonb FROM ${place.about} WHERE name = 'stamp') @> $3::jsonb
      ORDER BY vector OPERATOR(${extension.schema}.${operator}) $1::${type} LIMIT $2::bigint`;
    const { modelId, distance, dimension } = stamp;
    const own = JSON.stringify({ modelId, distance, dimension });
    const rows = await this.reading(() =>
      connection.transaction(async (queries): Promise<PostgresRow[]> => {
        const kept = Math.min(mostCandidates, Math.max(k, candidates));
        // What was measured is the index, whatever else the server might take for quicker.
        await queries.query(
          "SELECT set_config('hnsw.ef_search', $1, true), set_config('enable_seqscan', 'off', true)",
          [`${kept}`],
        );
        return (await queries.query(nearest, [vectorBytes(stamp, vector), k, own])).rows;
      }),
    );
    return rows.map(neighbourOf).sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
  }
}

const numberRow = z.object({ number: z.string() });
