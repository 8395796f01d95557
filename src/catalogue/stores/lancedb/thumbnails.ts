import { Buffer } from 'node:buffer';
import path from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { exists } from '../../../foundation/files/exists.ts';
import { folderOfStore } from '../store-place.ts';
import { lanceDbError } from './error.ts';
import { sqlList } from './filter.ts';
import { type LanceDbLibrary, loadLanceDb } from './library.ts';

/** A picture made small, by the bytes that it was made of. */
export interface Thumbnail {
  /** SHA-256 of the image's bytes, hexadecimal. */
  readonly contentHash: string;
  /** A WebP file. */
  readonly webp: Uint8Array;
}

const tableName = 'thumbnails';
/** Hashes that a condition names at a time. */
const hashesAQuery = 1000;

/**
 * Thumbnails of a store in a folder: a table beside that of the images, by the hashes of their bytes, so that a picture that has moved,
 * or is there twice, has one. Whoever writes has the right to write the store.
 */
export class Thumbnails implements AsyncDisposable {
  private constructor(
    private readonly uri: string,
    private readonly library: LanceDbLibrary,
    private readonly connection: Connection,
    private readonly table: Table,
  ) {}

  /**
   * Opens the thumbnails of a store.
   *
   * @param create make the table if there is none.
   * @returns undefined if there are none and none are to be made.
   * @throws StoreError if they are to be made and the store is not in a folder.
   */
  static async open(uri: string, create: boolean): Promise<Thumbnails | undefined> {
    const folder = folderOfStore(uri);
    if (folder === undefined) {
      if (!create) return undefined;
      throw new StoreError(
        `the store '${uri}' keeps no thumbnails, only one in a folder does: index into such a store`,
      );
    }
    if (!create && !(await exists(path.join(folder, `${tableName}.lance`)))) return undefined;
    const library = await loadLanceDb();
    const connection = await library.lanceDb.connect(folder, { readConsistencyInterval: 0 });
    try {
      const { Binary, Field, Schema, Utf8 } = library.arrow;
      const fields = [new Field('contentHash', new Utf8(), false), new Field('webp', new Binary(), false)];
      const table = await connection.createEmptyTable(tableName, new Schema(fields), { mode: 'create', existOk: true });
      return new Thumbnails(uri, library, connection, table);
    } catch (error) {
      connection.close();
      throw lanceDbError('open the thumbnails of the store', uri, error);
    }
  }

  /** The hashes of all bytes that have a thumbnail. */
  async hashes(): Promise<Set<string>> {
    return new Set((await this.#rows(undefined, ['contentHash'])).map(({ contentHash }) => contentHash));
  }

  /** The thumbnail of an image's bytes, a WebP file; undefined where there is none. */
  async read(contentHash: string): Promise<Buffer | undefined> {
    const [row] = await this.#rows(`contentHash IN ${sqlList([contentHash])}`, ['contentHash', 'webp']);
    return row?.webp === undefined ? undefined : Buffer.from(row.webp);
  }

  /** Keeps thumbnails; those that are there are replaced. One commit. */
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

  /** Removes thumbnails. */
  async remove(hashes: readonly string[]): Promise<void> {
    for (let first = 0; first < hashes.length; first += hashesAQuery) {
      const some = `contentHash IN ${sqlList(hashes.slice(first, first + hashesAQuery))}`;
      await this.#writing(() => this.table.delete(some));
    }
  }

  /** Makes reading cheaper after many writes, and clears up what killed writers left. */
  async tidy(): Promise<void> {
    await this.#writing(() => this.table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.close();
  }

  async #rows(where: string | undefined, columns: string[]) {
    try {
      const query = this.table.query().select(columns);
      const rows = await (where === undefined ? query : query.where(where)).toArray();
      return thumbnailRows.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
    } catch (error) {
      throw lanceDbError('read the thumbnails of the store', this.uri, error);
    }
  }

  async #writing(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw lanceDbError('write the thumbnails of the store', this.uri, error);
    }
  }
}

const thumbnailRows = z.array(z.object({ contentHash: z.string(), webp: z.instanceof(Uint8Array).optional() }));
