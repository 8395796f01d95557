import { Buffer } from 'node:buffer';
import path from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { exists } from '../../../foundation/files/exists.ts';
import type { StoreThumbnails, Thumbnail } from '../store-thumbnails.ts';
import { damageOf, lanceDbError } from './error.ts';
import { sqlList } from './filter.ts';
import type { LanceDbLibrary } from './library.ts';

/** What the thumbnails of a store need to know of it. */
export interface ThumbnailsPlace {
  readonly uri: string;
  /** Of a store that is in one. */
  readonly folder: string | undefined;
  readonly library: LanceDbLibrary;
  readonly connection: Connection;
}

const tableName = 'thumbnails';
/** Its folder within that of a store. */
export const thumbnailsFolder = `${tableName}.lance`;
/** Hashes that a condition names at a time. */
const hashesAQuery = 1000;

/** The thumbnails of a store of LanceDB's: a table beside that of the images. */
export class LanceDbThumbnails implements StoreThumbnails {
  private constructor(
    private readonly uri: string,
    private readonly library: LanceDbLibrary,
    private readonly table: Table,
  ) {}

  /** @param create make the table if there is none. @returns undefined if there are none and none are to be made. */
  static async open(place: ThumbnailsPlace, create: boolean): Promise<LanceDbThumbnails | undefined> {
    const { uri, library, connection } = place;
    try {
      if (!create && !(await hasThumbnails(place))) return undefined;
      const { Binary, Field, Schema, Utf8 } = library.arrow;
      const fields = [new Field('contentHash', new Utf8(), false), new Field('webp', new Binary(), false)];
      const table = await connection.createEmptyTable(tableName, new Schema(fields), { mode: 'create', existOk: true });
      return new LanceDbThumbnails(uri, library, table);
    } catch (error) {
      throw thumbnailsError('open', uri, error);
    }
  }

  async hashes(): Promise<Set<string>> {
    return new Set((await this.#rows(undefined, ['contentHash'])).map(({ contentHash }) => contentHash));
  }

  async read(contentHash: string): Promise<Buffer | undefined> {
    const [row] = await this.#rows(`contentHash IN ${sqlList([contentHash])}`, ['contentHash', 'webp']);
    return row?.webp === undefined ? undefined : Buffer.from(row.webp);
  }

  /** One commit. */
  async put(thumbnails: readonly Thumbnail[]): Promise<void> {
    if (thumbnails.length === 0) return;
    const { arrow } = this.library;
    const columns = {
      contentHash: arrow.vectorFromArray(
        thumbnails.map(({ contentHash }) => contentHash),
        new arrow.Utf8(),
      ),
      webp: arrow.vectorFromArray(
        thumbnails.map(({ webp }) => webp),
        new arrow.Binary(),
      ),
    };
    const merge = this.table.mergeInsert('contentHash').whenMatchedUpdateAll().whenNotMatchedInsertAll();
    await this.#writing(() => merge.execute(new arrow.Table(columns)));
  }

  async remove(hashes: readonly string[]): Promise<void> {
    for (let first = 0; first < hashes.length; first += hashesAQuery) {
      const some = `contentHash IN ${sqlList(hashes.slice(first, first + hashesAQuery))}`;
      await this.#writing(() => this.table.delete(some));
    }
  }

  async tidy(): Promise<void> {
    await this.#writing(() => this.table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.table.close();
  }

  async #rows(where: string | undefined, columns: string[]) {
    try {
      const query = this.table.query().select(columns);
      const rows = await (where === undefined ? query : query.where(where)).toArray();
      return thumbnailRows.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
    } catch (error) {
      throw thumbnailsError('read', this.uri, error);
    }
  }

  async #writing(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw thumbnailsError('write', this.uri, error);
    }
  }
}

async function hasThumbnails({ folder, connection }: ThumbnailsPlace): Promise<boolean> {
  if (folder !== undefined) return exists(path.join(folder, thumbnailsFolder));
  return (await connection.tableNames()).includes(tableName);
}

const thumbnailRows = z.array(z.object({ contentHash: z.string(), webp: z.instanceof(Uint8Array).optional() }));

/** They are made of the images: damaged ones can be done without. */
function thumbnailsError(action: 'open' | 'read' | 'write', uri: string, error: unknown): Error {
  const damage = damageOf(error);
  if (damage === undefined) return lanceDbError(`${action} the thumbnails of the store`, uri, error);
  return new StoreError(
    `the thumbnails of the store '${uri}' are damaged (${damage}): remove '${thumbnailsFolder}' in it, and index again with thumbnails, which makes them anew; ` +
      'nothing else is lost',
    { cause: error },
  );
}
