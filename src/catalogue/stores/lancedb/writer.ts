import type { Connection, OptimizeOptions, Table } from '@lancedb/lancedb';
import type { Field } from 'apache-arrow';
import { z } from 'zod';
import { newFields } from '../../metadata/metadata-fields.ts';
import { keptImages } from '../check-metadata.ts';
import { checkDistance, checkRows } from '../check-vectors.ts';
import { type IndexRecipe, type IndexWriter, type MeasuredIndex, noIndex } from '../store-index.ts';
import type { StoreLock } from '../store-lock.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { StoredImage, StoredVector, StoreNoteName, StoreWriter } from '../vector-store.ts';
import { lanceDbDistances } from './distances.ts';
import { lanceDbError } from './error.ts';
import { sqlList } from './filter.ts';
import { createIndex, removeIndex } from './indexes.ts';
import type { LanceDbLibrary } from './library.ts';
import { giveFileMode } from './modes.ts';
import { addedFromColumn, arrowRows, emptyColumn, fieldsOfSchema, rowsOf } from './rows.ts';
import { emptySchema, idMetadata, noteKey, replaceTable, uniqueKey } from './table.ts';
import { stateOf } from './table-head.ts';

/** How long files that only older states of a table need are kept where nobody knows who else writes or reads it. */
const keptMilliseconds = 60 * 60 * 1000;

/** The right to write a store, and where one on disk is. */
export interface WritingPlace {
  readonly lock: Pick<StoreLock, 'check'>;
  /** Undefined of a store that is not in a folder. */
  readonly folder: { readonly path: string; readonly fileMode: number } | undefined;
}

/** A table that is open, and what opened it. */
export interface OpenedTable {
  readonly table: Table;
  readonly library: LanceDbLibrary;
  readonly connection: Connection;
}

/** Writes a store; each call is one commit of its table. */
export class LanceDbWriter implements StoreWriter {
  #commits = 0;
  #isTidy = false;

  /** Commits since it was tidied, or made. */
  get commits(): number {
    return this.#commits;
  }

  /** True if it was tidied. */
  get isTidy(): boolean {
    return this.#isTidy;
  }

  /** @param place undefined for a store that has no lock. */
  constructor(
    private readonly uri: string,
    private readonly stamp: StoreStamp,
    private readonly opened: OpenedTable,
    private readonly place: WritingPlace | undefined,
  ) {}

  readonly indexes: IndexWriter = {
    make: async (recipe: IndexRecipe) => {
      const { library, table } = this.opened;
      await this.setNote('index', noIndex);
      await this.#writing(() => createIndex(library, table, this.stamp, recipe));
    },
    keep: async (measured: MeasuredIndex) => this.setNote('index', JSON.stringify(measured)),
    drop: async () => {
      await this.setNote('index', noIndex);
      await this.#writing(() => removeIndex(this.opened.table));
    },
  };

  async put(rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, this.stamp, rows);
    if (rows.length > 0) await this.#merge(keptImages(rows));
  }

  takeUp(rows: readonly StoredVector[]): Promise<void> {
    return this.put(rows);
  }

  async describe(images: readonly StoredImage[]): Promise<void> {
    const known = new Map(images.map((image) => [image.id, image]));
    const found = await rowsOf(this.opened.table, this.stamp, [...known.keys()]).catch((error: unknown) => {
      throw lanceDbError('read the store', this.uri, error);
    });
    const rows = new Map(found.map(({ id, vector }) => [id, vector]));
    const described = [...rows].flatMap(([id, vector]) => {
      const image = known.get(id);
      return image === undefined ? [] : [{ ...image, vector }];
    });
    if (described.length > 0) await this.#merge(keptImages(described));
  }

  async #merge(rows: readonly StoredVector[]): Promise<void> {
    await this.#addColumns(rows);
    const merge = this.opened.table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll();
    await this.#writing(async () => {
      const schema = await this.opened.table.schema();
      await merge.execute(arrowRows(this.opened.library, schema, this.stamp, rows));
    });
  }

  /** Adds the columns that rows need and the table lacks: with nothing in them, before what is in them is written. */
  async #addColumns(rows: readonly StoredVector[]): Promise<void> {
    const schema = await this.opened.table.schema().catch((error: unknown) => {
      throw lanceDbError('read the store', this.uri, error);
    });
    const missing = newFields(this.uri, fieldsOfSchema(schema), rows).map((field) =>
      emptyColumn(this.opened.library, field),
    );
    const isAdded = rows.some(({ addedFrom }) => addedFrom !== undefined);
    if (isAdded && schema.fields.every(({ name }) => name !== addedFromColumn)) {
      const { Field, Utf8 } = this.opened.library.arrow;
      missing.push(new Field(addedFromColumn, new Utf8(), true));
    }
    if (missing.length > 0) await this.#writing(() => this.opened.table.addColumns(missing));
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#writing(() => this.opened.table.delete(`id IN ${sqlList(ids)}`));
  }

  async replace(stamp: StoreStamp, rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, stamp, rows);
    checkDistance({ distances: lanceDbDistances }, this.uri, stamp);
    const kept = keptImages(rows);
    const before = await this.opened.table.schema();
    newFields(this.uri, fieldsOfSchema(before), kept);
    await this.#addColumns(kept);
    const { arrow } = this.opened.library;
    const columns = emptySchema(this.opened.library, stamp);
    const known = await this.opened.table.schema();
    const ids = known.fields.filter(({ name }) => name === 'id').map((field) => withoutIndexNote(field, arrow));
    const beside = known.fields.filter(({ name }) => columns.fields.every((field) => field.name !== name));
    const others = columns.fields.filter(({ name }) => name !== 'id');
    // The column of ids has the notes.
    const schema = new arrow.Schema([...ids, ...others, ...beside], columns.metadata);
    await this.#writing(() =>
      replaceTable(this.opened.connection, arrowRows(this.opened.library, schema, stamp, kept)),
    );
  }

  async setNote(name: StoreNoteName, text: string): Promise<void> {
    await this.#describeIds({ [noteKey(name)]: text });
  }

  async mend(): Promise<number> {
    // Numbers of rows grow with every write.
    const rows = (await this.#identifiedRows()).sort((a, b) => (a._rowid < b._rowid ? -1 : 1));
    const latest = new Map<string, bigint>();
    const older: bigint[] = [];
    const doubled = new Set<string>();
    for (const { id, _rowid } of rows) {
      const before = latest.get(id);
      latest.set(id, _rowid);
      if (before === undefined) continue;
      doubled.add(id);
      older.push(before);
    }
    if (older.length > 0) await this.#writing(() => this.opened.table.delete(`_rowid IN (${older.join(', ')})`));
    if (idMetadata(await this.opened.table.schema(), uniqueKey) === undefined)
      await this.#describeIds({ [uniqueKey]: 'true' });
    return doubled.size;
  }

  async tidy(): Promise<void> {
    await this.#countJoining();
    // With the lock nobody else writes: what no state of the table knows was left by somebody who was killed.
    const options: Partial<OptimizeOptions> =
      this.place?.folder === undefined
        ? { cleanupOlderThan: new Date(Date.now() - keptMilliseconds) }
        : { cleanupOlderThan: new Date(), deleteUnverified: true };
    await this.#writing(() => this.opened.table.optimize(options));
    this.#isTidy = true;
    this.#commits = 0;
  }

  /** The index takes up what is beside it: that is noted before, so that a kill makes it more rather than less. */
  async #countJoining(): Promise<void> {
    const { table } = this.opened;
    const state = await table
      .schema()
      .then((schema) => stateOf(table, schema, this.uri))
      .catch((error: unknown) => {
        throw lanceDbError('read the store', this.uri, error);
      });
    if (state === undefined || state.beside === 0) return;
    const { measured, beside } = state;
    await this.indexes.keep({ ...measured, joined: measured.joined + beside });
  }

  async #identifiedRows(): Promise<z.infer<typeof identifiedRows>> {
    const rows = await this.opened.table
      .query()
      .select(['id'])
      .withRowId()
      .toArray()
      .catch((error: unknown) => {
        throw lanceDbError('read the store', this.uri, error);
      });
    return identifiedRows.parse(rows.map((row: { toJSON(): unknown }) => row.toJSON()));
  }

  async #describeIds(metadata: Record<string, string>): Promise<void> {
    await this.#writing(() => this.opened.table.updateFieldMetadata([{ path: 'id', metadata }]));
  }

  async #writing(work: () => Promise<unknown>): Promise<void> {
    await this.place?.lock.check();
    try {
      await work();
      this.#commits++;
    } catch (error) {
      throw lanceDbError('write the store', this.uri, error);
    } finally {
      const folder = this.place?.folder;
      if (folder !== undefined) await giveFileMode(folder.path, folder.fileMode);
    }
  }
}

/** The column of ids without the note on an index, which goes with the rows that it was made of. */
function withoutIndexNote(field: Field, { Field }: LanceDbLibrary['arrow']): Field {
  const notes = new Map([...field.metadata].filter(([key]) => key !== noteKey('index')));
  return new Field(field.name, field.type, field.nullable, notes);
}

const identifiedRows = z.array(z.object({ id: z.string(), _rowid: z.bigint() }));
