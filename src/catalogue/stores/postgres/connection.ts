import type { CustomTypesConfig, Pool, PoolClient } from 'pg';
import type { PostgresLibrary } from './library.ts';

/** A row as the client gives it: texts, numbers where SQL says float8, nothing. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/** What SQL statements are given to. */
export interface PostgresQueries {
  /** @returns the rows, and how many were changed. */
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: PostgresRow[]; readonly changed: number }>;
}

/** Connections that a store holds at most. */
const mostConnections = 4;
/** Milliseconds that a server may take to answer at first. */
const patience = 10_000;
const float8 = 701;

/** Values by their types here, whatever a program has set for its own queries: float8 as numbers, all else as text. */
const types: CustomTypesConfig = {
  getTypeParser: (type: number) => (value: string) => (type === float8 ? Number(value) : value),
};

/** Connections to a server, made when they are needed; idle ones keep no process from ending. */
export class PostgresConnection implements PostgresQueries {
  readonly #pool: Pool;
  #ended: Promise<void> | undefined;

  constructor({ Pool }: PostgresLibrary, connectionString: string) {
    this.#pool = new Pool({
      connectionString,
      max: mostConnections,
      connectionTimeoutMillis: patience,
      keepAlive: true,
      allowExitOnIdle: true,
      types,
    });
    // An idle connection that the server ends is replaced by the next query, which tells of what is wrong then.
    this.#pool.on('error', () => undefined);
  }

  async query(text: string, values: readonly unknown[] = []): ReturnType<PostgresQueries['query']> {
    return answerOf(this.#pool, text, values);
  }

  /** One transaction: there whole when this is fulfilled, and not at all if `work` fails. */
  async transaction<T>(work: (queries: PostgresQueries) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const queries = { query: (text: string, values: readonly unknown[] = []) => answerOf(client, text, values) };
    let isBroken = false;
    try {
      await client.query('BEGIN');
      const result = await work(queries);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      isBroken = !(await isRolledBack(client));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  /** The rows of a query, so many at a time, all of one state, also where they are changed meanwhile. */
  async *pages(text: string, values: readonly unknown[], rowsAPage: number): AsyncIterable<PostgresRow[]> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      await client.query(`DECLARE pages NO SCROLL CURSOR FOR ${text}`, [...values]);
      for (;;) {
        const { rows } = await answerOf(client, `FETCH ${rowsAPage} FROM pages`, []);
        if (rows.length === 0) return;
        yield rows;
      }
    } finally {
      client.release(!(await isRolledBack(client)));
    }
  }

  /** A second call does nothing. */
  close(): Promise<void> {
    this.#ended ??= this.#pool.end();
    return this.#ended;
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Ends a transaction without its changes; false where the connection is of no use any more. */
async function isRolledBack(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

async function answerOf(
  from: Pool | PoolClient,
  text: string,
  values: readonly unknown[],
): ReturnType<PostgresQueries['query']> {
  const { rows, rowCount } = await from.query<PostgresRow>(text, [...values]);
  return { rows, changed: rowCount ?? 0 };
}
