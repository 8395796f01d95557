import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { text } from '../../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../../foundation/arguments/check-options.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { errorReason } from '../../../foundation/files/file-error.ts';
import { checkDistance } from '../check-vectors.ts';
import { noStore } from '../no-store.ts';
import { openStoreRules } from '../open-store-rules.ts';
import { lanceDbOptions, s3Place } from '../s3/place.ts';
import { folderOfStore, schemeOfStore } from '../store-place.ts';
import { checkGivenStamp, checkStamp, type StoreStamp } from '../store-stamp.ts';
import type { OpenStoreOptions, VectorStore, VectorStoreKind, WriteOptions } from '../vector-store.ts';
import { lanceDbDistances } from './distances.ts';
import { lanceDbError } from './error.ts';
import { type LanceDbLibrary, loadLanceDb } from './library.ts';
import { lockPlace } from './lock.ts';
import { giveFileMode } from './modes.ts';
import { LanceDbStore } from './opened-store.ts';
import { createTable, hasTable, makeFolder, openTable, stampOf } from './table.ts';

/** Seconds for which a reader of a store that is neither in a folder nor in S3 may go on with a state that it knows. */
const remoteStaleness = 5;

/**
 * Stores on disk, in a folder: LanceDB's embedded database. A write is one commit of the table, so it is there whole or
 * not at all, also after a kill. One task writes at a time, by a lock in the folder; a reader sees the last commit, and begins
 * again where a writer clears up the state that it reads. Searching compares with every vector. A store for Hamming distances
 * keeps the sign bits of vectors alone, one bit an element instead of four bytes.
 *
 * A store may also be in S3-compatible storage: `s3://bucket/prefix`. One task writes it at a time, by a lease that is an object
 * beside the table; storage without conditional writes is refused for writing. Other addresses that LanceDB knows have no lock: two
 * writers at once write no image twice, but may remove or replace what the other has just written.
 */
export const lanceDbStores: VectorStoreKind = {
  distances: lanceDbDistances,

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
    checkArgument(uri, text('the folder or address of a store'), 'uri');
    checkGivenStamp(stamp);
    checkOptions(options, openStoreRules);
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
      return new LanceDbStore(uri, stored, folder, library, connection, table);
    } catch (error) {
      connection.close();
      throw error;
    }
  },
};

async function connectTo({ lanceDb }: LanceDbLibrary, uri: string, folder: string | undefined): Promise<Connection> {
  const isS3 = schemeOfStore(uri) === 's3';
  const isOther = folder === undefined && !isS3;
  await checkTemporaryFolder(uri);
  try {
    return await lanceDb.connect(folder ?? uri, {
      readConsistencyInterval: isOther ? remoteStaleness : 0,
      ...(isS3 ? { storageOptions: lanceDbOptions(s3Place(uri, process.env)) } : {}),
    });
  } catch (error) {
    throw lanceDbError('open the store', uri, error);
  }
}

/** LanceDB makes a folder among the temporary files for each connection, and ends in a panic where it cannot. */
async function checkTemporaryFolder(uri: string): Promise<void> {
  const folder = tmpdir();
  try {
    await rmdir(await mkdtemp(path.join(folder, 'lookalike-')));
  } catch (error) {
    throw new StoreError(
      `cannot open the store '${uri}': LanceDB needs a folder for temporary files, and nothing can be written to '${folder}': ${errorReason(error)}, by the variable TMPDIR`,
      { cause: error },
    );
  }
}

/** Makes a table with its lock. */
async function alone(
  uri: string,
  folder: string | undefined,
  options: WriteOptions,
  make: () => Promise<Table>,
): Promise<Table> {
  const lock = await lockPlace(uri, folder, options);
  try {
    const table = await make();
    const made = lock?.place.folder;
    if (made !== undefined) await giveFileMode(made.path, made.fileMode);
    return table;
  } finally {
    await lock?.release();
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
