import { statSync } from 'node:fs';
import path from 'node:path';
import type { Table } from '@lancedb/lancedb';
import type { Schema } from 'apache-arrow';
import { z } from 'zod';
import type { MetadataField } from '../../metadata/metadata.ts';
import { type IndexState, indexState, parseMeasuredIndex } from '../store-index.ts';
import type { StoreStamp } from '../store-stamp.ts';
import { fieldsOfSchema } from './rows.ts';
import { idMetadata, noteKey, stampOfSchema, tableFolder } from './table.ts';

/** What LanceDB calls the index of a store. */
export const indexName = 'lookalike_vectors';

/** What a table says of itself before its rows. */
export interface TableHead {
  readonly schema: Schema;
  readonly stamp: StoreStamp;
  readonly fields: readonly MetadataField[];
  /** The state of its index. */
  index(): Promise<IndexState | undefined>;
}

/** What of a table is asked for its head. */
type ReadTable = Pick<Table, 'schema' | 'listIndices'>;

/** Milliseconds within which two changes of a folder may have one time: of the file systems in use FAT's 2 seconds are the longest. */
const coarsestTime = 2500;

/**
 * Reads the head of a table's last state, and keeps it for as long as that state lasts: reading it takes LanceDB several calls, as
 * long together as a search.
 *
 * Of a table in a folder every commit leaves or takes away a file of the folder of versions, whose time of change so tells whether
 * there was one. As two commits may have one time, what was read is kept from then on only when that time has been the same for longer
 * than any file system's clock steps. Elsewhere it is always read.
 */
export class TableHeads {
  readonly #versions: string | undefined;
  #seen: { readonly mark: string; readonly since: number } | undefined;
  #kept: { readonly mark: string; readonly head: TableHead } | undefined;

  /**
   * @param folder of the store, if it is in one.
   * @param now milliseconds, for tests.
   */
  constructor(
    private readonly table: ReadTable,
    private readonly uri: string,
    folder: string | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#versions = folder === undefined ? undefined : path.join(folder, tableFolder, '_versions');
  }

  /** The head of the last state. @throws StoreError if the table is none of a store. */
  async last(): Promise<TableHead> {
    const mark = this.#settledMark();
    if (mark !== undefined && this.#kept?.mark === mark) return this.#kept.head;
    const head = this.#headOf(await this.table.schema());
    this.#kept = mark === undefined ? undefined : { mark, head };
    return head;
  }

  #headOf(schema: Schema): TableHead {
    let index: Promise<IndexState | undefined> | undefined;
    return {
      schema,
      stamp: stampOfSchema(schema, this.uri),
      fields: fieldsOfSchema(schema),
      index: () => {
        index ??= stateOf(this.table, schema, this.uri).catch((error: unknown) => {
          index = undefined;
          throw error;
        });
        return index;
      },
    };
  }

  /** What changes with every commit; undefined where nothing does, or something has just done. */
  #settledMark(): string | undefined {
    if (this.#versions === undefined) return undefined;
    // In this thread, where it takes some microseconds: to hand it to another one takes ten times as much of the processors.
    const found = statSync(this.#versions, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) return undefined;
    const mark = `${found.dev} ${found.ino} ${found.mtimeNs}`;
    const now = this.now();
    if (this.#seen?.mark !== mark) this.#seen = { mark, since: now };
    return now - this.#seen.since >= coarsestTime ? mark : undefined;
  }
}

const countsOf = z.object({ numIndexedRows: z.number(), numUnindexedRows: z.number() });

/** The state of the index of a table whose schema is known. */
export async function stateOf(
  table: Pick<Table, 'listIndices'>,
  schema: Schema,
  uri: string,
): Promise<IndexState | undefined> {
  const measured = parseMeasuredIndex(uri, idMetadata(schema, noteKey('index')));
  if (measured === undefined) return undefined;
  // LanceDB's statistics of one index read the means of all its cells.
  const index = (await table.listIndices()).find(({ name }) => name === indexName);
  const counts = countsOf.safeParse(index);
  if (!counts.success) return undefined;
  const { numIndexedRows, numUnindexedRows } = counts.data;
  const left = measured.rows + measured.joined - numIndexedRows;
  return indexState(measured, numUnindexedRows, measured.joined + Math.max(0, left));
}
