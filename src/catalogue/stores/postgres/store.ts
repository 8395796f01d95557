import { text } from '../../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../../foundation/arguments/check-options.ts';
import { searchDistanceNames } from '../../../ranking/distances/search-distance-by-name.ts';
import { noStore } from '../no-store.ts';
import { openStoreRules } from '../open-store-rules.ts';
import { checkGivenStamp, checkStamp, type StoreStamp } from '../store-stamp.ts';
import type { OpenStoreOptions, VectorStore, VectorStoreKind } from '../vector-store.ts';
import { PostgresConnection } from './connection.ts';
import { postgresError } from './error.ts';
import { loadPostgres } from './library.ts';
import { PostgresStore } from './opened-store.ts';
import { type PostgresPlace, postgresPlace } from './place.ts';
import { checkColumn, makeTables, stampOf, vectorExtension } from './tables.ts';

/**
 * Stores in PostgreSQL with the extension pgvector (0.7 or newer), one table each:
 * `postgres://user@host:port/database/table`. What the store notes about itself is in a second table, `table_about`.
 *
 * A write is one transaction. One task writes at a time, by a row of the second table that names it; readers see the last
 * transaction that had ended. Ids are unique by the table's own constraint. Searching compares with every vector. Passwords are
 * taken from PGPASSWORD or `~/.pgpass`; one in the address is refused.
 */
export const postgresStores: VectorStoreKind = {
  distances: searchDistanceNames,

  async stampAt(uri: string): Promise<StoreStamp | undefined> {
    return connected(uri, async (connection, place) => {
      try {
        return await stampOf(connection, uri, place);
      } finally {
        await connection.close();
      }
    });
  },

  async open(uri: string, stamp: StoreStamp, options: OpenStoreOptions = {}): Promise<VectorStore> {
    checkArgument(uri, text('the address of a store'), 'uri');
    checkGivenStamp(stamp);
    checkOptions(options, openStoreRules);
    const { create = false, anyDistance = false } = options;
    return connected(uri, async (connection, place) => {
      try {
        const found = await stampOf(connection, uri, place);
        const stored = found ?? (create ? await makeTables(connection, uri, place, stamp) : undefined);
        if (stored === undefined) throw noStore(uri);
        checkStamp(uri, stored, stamp, anyDistance);
        const extension = await vectorExtension(connection, uri);
        await checkColumn(connection, uri, place, stored);
        return new PostgresStore({ uri, stamp: stored, place, extension, connection });
      } catch (error) {
        await connection.close();
        throw error;
      }
    });
  },
};

async function connected<T>(
  uri: string,
  work: (connection: PostgresConnection, place: PostgresPlace) => Promise<T>,
): Promise<T> {
  const place = postgresPlace(uri);
  const connection = new PostgresConnection(await loadPostgres(), place.connection);
  try {
    return await work(connection, place);
  } catch (error) {
    throw postgresError('open the store', uri, error);
  }
}
