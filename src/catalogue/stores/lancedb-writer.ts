import type { OptimizeOptions, Table } from '@lancedb/lancedb';
import { z } from 'zod';
import { checkRows } from './check-vectors.ts';
import { lanceDbError } from './lancedb-error.ts';
import { sqlList } from './lancedb-filter.ts';
import { giveFileMode } from './lancedb-modes.ts';
import { idMetadata, sourceKey, uniqueKey } from './lancedb-table.ts';
import { keptVector } from './lancedb-vectors.ts';
import type { StoreLock } from './store-lock.ts';
import type { StoreStamp } from './store-stamp.ts';
import type { StoredVector, StoreWriter } from './vector-store.ts';

/** How long files that only older states of a table need are kept where nobody knows who else writes or reads it. */
const keptMilliseconds = 60 * 60 * 1000;

/** Where a store on disk is, and the right to write it. */
export interface LockedFolder {
  readonly folder: string;
  readonly lock: StoreLock;
}

/** Writes a store; each call is one commit of its table. */
export class LanceDbWriter implements StoreWriter {
  /** @param place undefined for a store that is not in a folder. */
  constructor(
    private readonly uri: string,
    private readonly stamp: StoreStamp,
    private readonly table: Table,
    private readonly place: LockedFolder | undefined,
  ) {}

  async put(rows: readonly StoredVector[]): Promise<void> {
    checkRows(this.uri, this.stamp, rows);
    if (rows.length === 0) return;
    const kept = rows.map((row) => ({ ...row, vector: keptVector(this.stamp, row.vector) }));
    const merge = this.table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll();
    await this.#writing(() => merge.execute(kept));
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#writing(() => this.table.delete(`id IN ${sqlList(ids)}`));
  }

  async setSource(source: string): Promise<void> {
    await this.#describeIds({ [sourceKey]: source });
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
    if (older.length > 0) await this.#writing(() => this.table.delete(`_rowid IN (${older.join(', ')})`));
    if ((await idMetadata(this.table, uniqueKey)) === undefined) await this.#describeIds({ [uniqueKey]: 'true' });
    return doubled.size;
  }

  async tidy(): Promise<void> {
    // With the lock nobody else writes: what no state of the table knows was left by somebody who was killed.
    const options: Partial<OptimizeOptions> =
      this.place === undefined
        ? { cleanupOlderThan: new Date(Date.now() - keptMilliseconds) }
        : { cleanupOlderThan: new Date(), deleteUnverified: true };
    await this.#writing(() => this.table.optimize(options));
  }

  async #identifiedRows(): Promise<z.infer<typeof identifiedRows>> {
    const rows = await this.table
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
    await this.#writing(() => this.table.updateFieldMetadata([{ path: 'id', metadata }]));
  }

  async #writing(work: () => Promise<unknown>): Promise<void> {
    await this.place?.lock.check();
    try {
      await work();
    } catch (error) {
      throw lanceDbError('write the store', this.uri, error);
    } finally {
      if (this.place !== undefined) await giveFileMode(this.place.folder, this.place.lock.fileMode);
    }
  }
}

const identifiedRows = z.array(z.object({ id: z.string(), _rowid: z.bigint() }));
