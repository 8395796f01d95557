import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import type { Table as ArrowTable, Schema } from 'apache-arrow';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { codeOf, fileError } from '../../../foundation/files/file-error.ts';
import { makeFolders } from '../../../foundation/files/make-folders.ts';
import { signByteLength } from '../../../ranking/distances/sign-bits.ts';
import { checkDistance } from '../check-vectors.ts';
import { isLockName } from '../store-lock.ts';
import { folderOfStore } from '../store-place.ts';
import { parseStamp, type StoreStamp } from '../store-stamp.ts';
import type { StoreNoteName, VectorStoreKind } from '../vector-store.ts';
import { damagedStore, lanceDbError } from './error.ts';
import type { LanceDbLibrary } from './library.ts';
import { thumbnailsFolder } from './thumbnails.ts';

const tableName = 'images';
/** The folder of the table in that of its store. */
export const tableFolder = `${tableName}.lance`;
/** Where the stamp is kept: under this key in the metadata of the table, and of files of its rows. */
export const stampKey = 'lookalike.stamp';
/** Where a note is kept: under this key in the metadata of the column of ids. */
export function noteKey(name: StoreNoteName): string {
  return `lookalike.${name}`;
}

/** Tells LanceDB that ids are unique: of two writers that add one at once, the second finds it there. */
export const uniqueKey = 'lance-schema:unenforced-primary-key';

/** True if the folder of a store has one's table in it. @throws if it cannot be looked into, or is a file. */
export async function hasTable(uri: string, folder: string): Promise<boolean> {
  return (await namesIn(uri, folder, 'open the store')).includes(tableFolder);
}

/**
 * Makes the folder of a new store; another task may be making the same.
 *
 * @throws if it holds something else, or if a store that is asked for could not be searched.
 */
export async function makeFolder(kind: VectorStoreKind, uri: string, folder: string, stamp: StoreStamp): Promise<void> {
  const [other] = (await namesIn(uri, folder, 'make the store')).filter(
    (name) => !isLockName(name) && name !== tableFolder && name !== thumbnailsFolder,
  );
  if (other !== undefined) {
    throw new StoreError(
      `'${uri}' is a folder with other things in it ('${other}'), not a store: choose another place`,
    );
  }
  checkDistance(kind, uri, stamp);
  await makeFolders(folder).catch((error: unknown) => {
    throw folderError('make the store', uri, error);
  });
}

async function namesIn(uri: string, folder: string, action: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw folderError(action, uri, error);
  }
}

function folderError(action: string, uri: string, error: unknown): Error {
  if (codeOf(error) !== 'ENOTDIR' && codeOf(error) !== 'EEXIST') return fileError(action, uri, error);
  return new StoreError(`'${uri}' is or lies in a file, but a store is a folder: choose another place`, {
    cause: error,
  });
}

/**
 * The table of a store, or undefined where there is none, or only the empty folder of one that was never finished.
 *
 * @throws if there are rows of a table and nothing that says of which: no other one is made in their place.
 */
export async function openTable(connection: Connection, uri: string): Promise<Table | undefined> {
  try {
    return await connection.openTable(tableName);
  } catch (error) {
    if (error instanceof Error && /was not found/.test(error.message)) {
      await requireNoRows(uri);
      return undefined;
    }
    throw lanceDbError('open the store', uri, error);
  }
}

async function requireNoRows(uri: string): Promise<void> {
  const folder = folderOfStore(uri);
  if (folder === undefined) return;
  const rows = path.join(folder, tableFolder, 'data');
  const files = await readdir(rows).catch(() => []);
  if (files.length > 0)
    throw damagedStore(uri, `there are rows in '${rows}', and no version of the table that has them`);
}

/** Makes the empty table of a store. */
export async function createTable(
  connection: Connection,
  library: LanceDbLibrary,
  uri: string,
  stamp: StoreStamp,
): Promise<Table> {
  try {
    return await connection.createEmptyTable(tableName, emptySchema(library, stamp), { mode: 'create', existOk: true });
  } catch (error) {
    throw lanceDbError('make the store', uri, error);
  }
}

/** Puts other rows in place of a table, in one commit. */
export async function replaceTable(connection: Connection, rows: ArrowTable): Promise<void> {
  await connection.createTable(tableName, rows, { mode: 'overwrite' });
}

/** The columns of a table without fields, with its stamp. */
export function emptySchema({ arrow }: LanceDbLibrary, stamp: StoreStamp): Schema {
  const { Field, FixedSizeList, Float32, Float64, Schema: ArrowSchema, Uint8, Utf8 } = arrow;
  const vector =
    stamp.distance === 'hamming'
      ? new FixedSizeList(signByteLength(stamp.dimension), new Field('item', new Uint8(), false))
      : new FixedSizeList(stamp.dimension, new Field('item', new Float32(), false));
  const fields = [
    new Field('id', new Utf8(), false, new Map([[uniqueKey, 'true']])),
    new Field('contentHash', new Utf8(), false),
    new Field('modifiedAt', new Float64(), false),
    new Field('byteLength', new Float64(), false),
    new Field('vector', vector, false),
  ];
  return new ArrowSchema(fields, new Map([[stampKey, JSON.stringify(stamp)]]));
}

/** The stamp in a table's schema. @throws if there is none, or if it is damaged. */
export async function stampOf(table: Table, uri: string): Promise<StoreStamp> {
  const schema = await table.schema().catch((error: unknown) => {
    throw lanceDbError('read the store', uri, error);
  });
  return stampOfSchema(schema, uri);
}

/** The stamp that a schema has. @throws if there is none, or if it is damaged. */
export function stampOfSchema(schema: Schema, uri: string): StoreStamp {
  const text = schema.metadata.get(stampKey);
  if (text !== undefined) return parseStamp(uri, text);
  throw new StoreError(`'${uri}' is a LanceDB database, but not a store of lookalike's: choose another place`);
}

/** What the column of ids is told of a store by the given key. */
export function idMetadata({ fields }: Schema, key: string): string | undefined {
  return fields.find(({ name }) => name === 'id')?.metadata.get(key);
}
