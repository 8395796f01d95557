import { Buffer } from 'node:buffer';
import type { StoreThumbnails, Thumbnail } from '../store-thumbnails.ts';
import type { PostgresConnection, PostgresRow } from './connection.ts';
import { postgresError } from './error.ts';
import type { PostgresPlace } from './place.ts';

/** What the thumbnails of a store need to know of it. */
export interface ThumbnailTable {
  readonly uri: string;
  readonly place: PostgresPlace;
  readonly connection: PostgresConnection;
}

/** The thumbnails of a store in PostgreSQL: a table beside that of the images. */
export class PostgresThumbnails implements StoreThumbnails {
  private constructor(private readonly of: ThumbnailTable) {}

  /** @param create make the table if there is none. @returns undefined if there are none and none are to be made. */
  static async open(of: ThumbnailTable, create: boolean): Promise<PostgresThumbnails | undefined> {
    const { uri, place, connection } = of;
    try {
      if (create) await makeTable(connection, place);
      else {
        const { rows } = await connection.query('SELECT to_regclass($1)::text AS found', [place.thumbnails]);
        if (rows[0].found === null) return undefined;
      }
      return new PostgresThumbnails(of);
    } catch (error) {
      throw postgresError('open the thumbnails of the store', uri, error);
    }
  }

  async hashes(): Promise<Set<string>> {
    const rows = await this.#asked('read', `SELECT content_hash FROM ${this.of.place.thumbnails}`);
    return new Set(rows.map((row) => String(row.content_hash)));
  }

  async read(contentHash: string): Promise<Buffer | undefined> {
    const text = `SELECT encode(webp, 'base64') AS webp FROM ${this.of.place.thumbnails} WHERE content_hash = $1`;
    const rows = await this.#asked('read', text, [contentHash]);
    return rows.length === 0 ? undefined : Buffer.from(String(rows[0].webp), 'base64');
  }

  async put(thumbnails: readonly Thumbnail[]): Promise<void> {
    // One row a hash: a statement may not change a row twice.
    const rows = [...new Map(thumbnails.map((one) => [one.contentHash, one])).values()];
    if (rows.length === 0) return;
    await this.#asked(
      'write',
      `INSERT INTO ${this.of.place.thumbnails} (content_hash, webp)
       SELECT given.hash, decode(given.webp, 'base64') FROM unnest($1::text[], $2::text[]) AS given (hash, webp)
       ON CONFLICT (content_hash) DO UPDATE SET webp = excluded.webp`,
      [
        rows.map(({ contentHash }) => contentHash),
        rows.map(({ webp }) => Buffer.from(webp.buffer, webp.byteOffset, webp.length).toString('base64')),
      ],
    );
  }

  async remove(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    const text = `DELETE FROM ${this.of.place.thumbnails} WHERE content_hash = ANY($1::text[])`;
    await this.#asked('write', text, [hashes]);
  }

  async tidy(): Promise<void> {
    await this.#asked('write', `VACUUM ${this.of.place.thumbnails}`);
  }

  /** The connection is the store's. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #asked(action: 'read' | 'write', text: string, values: readonly unknown[] = []): Promise<PostgresRow[]> {
    try {
      return (await this.of.connection.query(text, values)).rows;
    } catch (error) {
      throw postgresError(`${action} the thumbnails of the store`, this.of.uri, error);
    }
  }
}

async function makeTable(connection: PostgresConnection, { table, thumbnails }: PostgresPlace): Promise<void> {
  await connection.transaction(async (queries) => {
    // Two that make it at once would meet in the server's own catalogue.
    await queries.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`lookalike ${table}`]);
    await queries.query(
      `CREATE TABLE IF NOT EXISTS ${thumbnails} (content_hash text COLLATE "C" PRIMARY KEY, webp bytea NOT NULL)`,
    );
  });
}
