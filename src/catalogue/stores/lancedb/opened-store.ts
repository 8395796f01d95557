import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Connection, Table, VectorQuery } from '@lancedb/lancedb';
import { z } from 'zod';
import { LookalikeError } from '../../../foundation/errors/lookalike-error.ts';
import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import type { MetadataField } from '../../metadata/metadata.ts';
import { checkNeighbourCount, checkUnreplaced, checkVector } from '../check-vectors.ts';
import { effortOfSearch, type SearchDemand, type SearchEffort } from '../store-index.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { StoreThumbnails } from '../store-thumbnails.ts';
import type {
  ImageFilter,
  Neighbour,
  StoredImage,
  StoredVector,
  StoreFacts,
  StoreNoteName,
  StoreSearcher,
  StoreWriter,
  VectorStore,
  WriteOptions,
} from '../vector-store.ts';
import { isGone, lanceDbError } from './error.ts';
import { sqlCondition } from './filter.ts';
import { LanceDbIndexes, withEffort } from './indexes.ts';
import type { LanceDbLibrary } from './library.ts';
import { lockPlace } from './lock.ts';
import {
  columnsBesideVector,
  columnsOfNeighbour,
  fieldsOfSchema,
  type JsonRow,
  knownOfRow,
  rowsOf,
  storedImageOf,
  storedVectorOf,
} from './rows.ts';
import { idMetadata, noteKey } from './table.ts';
import { TableHeads } from './table-head.ts';
import { LanceDbThumbnails } from './thumbnails.ts';
import { keptVector } from './vectors.ts';
import { LanceDbWriter } from './writer.ts';

/** Commits of one handle after which a store is tidied, at the least. */
const fewestCommits = 128;
/** Tries of a read whose state is cleared up by a writer meanwhile. */
const mostTries = 3;

/** A store whose table is open; see `lanceDbStores`. */
export class LanceDbStore implements VectorStore {
  readonly indexes: LanceDbIndexes;
  readonly #heads: TableHeads;
  /** Commits of this handle since it was tidied last. */
  #commits = 0;

  constructor(
    readonly uri: string,
    readonly stamp: StoreStamp,
    private readonly folder: string | undefined,
    private readonly library: LanceDbLibrary,
    private readonly connection: Connection,
    private readonly table: Table,
  ) {
    const search = (vector: Float32Array, k: number, effort: SearchEffort) => this.#byIndex(vector, k, effort);
    this.#heads = new TableHeads(table, uri, folder);
    this.indexes = new LanceDbIndexes(stamp, table, this.#heads, (work) => this.#reading(work), search);
  }

  async images(filter: ImageFilter = {}): Promise<StoredImage[]> {
    const rows = await this.#reading(async () => {
      const { schema, fields } = await this.#heads.last();
      const condition = sqlCondition(filter, fields);
      const query = this.table.query().select(columnsBesideVector(schema));
      const found = await (condition === undefined ? query : query.where(condition)).toArray();
      return found.map((row: JsonRow) => storedImageOf(row.toJSON(), fields));
    });
    return onceEach(rows);
  }

  async fields(): Promise<MetadataField[]> {
    return this.#reading(async () => [...(await this.#heads.last()).fields]);
  }

  async rows(ids: readonly string[]): Promise<StoredVector[]> {
    if (ids.length === 0) return [];
    const { stamp, table } = this;
    return onceEach(await this.#reading(() => rowsOf(table, stamp, ids)));
  }

  async *scan(): AsyncIterable<StoredVector[]> {
    const schema = await this.#reading(() => this.table.schema());
    const fields = fieldsOfSchema(schema);
    const query = this.table.query().select([...columnsBesideVector(schema), 'vector']);
    const seen = new Set<string>();
    try {
      for await (const batch of query) {
        const rows = batch
          .toArray()
          .map((row: JsonRow) => storedVectorOf(row.toJSON(), this.stamp, fields))
          .filter(({ id }: StoredVector) => !seen.has(id));
        for (const { id } of rows) seen.add(id);
        yield rows;
      }
    } catch (error) {
      throw lanceDbError('read the store', this.uri, error);
    }
  }

  async count(): Promise<number> {
    return this.#reading(() => this.table.countRows());
  }

  async search(
    vector: Float32Array,
    k: number,
    filter: ImageFilter = {},
    demand: SearchDemand = {},
  ): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    const effort = await effortOfSearch(() => this.indexes.state(), k, filter, demand);
    if (effort !== undefined) {
      const found = await this.#byIndex(vector, k, effort);
      // Of the cells that were looked at there may be fewer.
      if (found.length === k) return found;
    }
    return this.#byComparing(vector, k, filter);
  }

  async #byIndex(vector: Float32Array, k: number, effort: SearchEffort): Promise<Neighbour[]> {
    const rows = await this.#nearestRows(vector, k, {}, effort);
    return onceEachNearest(rows).slice(0, k);
  }

  async #byComparing(vector: Float32Array, k: number, filter: ImageFilter): Promise<Neighbour[]> {
    // More rows are asked for until none at the distance of the last one is missing, so that ids decide among equals. In a store
    // that another program wrote an image may be more than once, too.
    for (let limit = k + 1; ; limit *= 2) {
      const rows = await this.#nearestRows(vector, limit, filter);
      const found = onceEachNearest(rows);
      const isWhole = rows.length < limit || (found.length > k && found[k - 1].distance < rows[limit - 1].distance);
      if (isWhole) return found.slice(0, k);
    }
  }

  /** @param effort how much of the index to look at; none compares with every vector. */
  async #nearestRows(
    vector: Float32Array,
    limit: number,
    filter: ImageFilter,
    effort?: SearchEffort,
  ): Promise<Neighbour[]> {
    const { distance } = this.stamp;
    return this.#reading(async () => {
      const head = await this.#heads.last();
      checkUnreplaced(this.uri, this.stamp, head.stamp);
      const { schema, fields } = head;
      const condition = sqlCondition(filter, fields);
      const query = this.table
        .query()
        .nearestTo(keptVector(this.stamp, vector))
        .distanceType(lanceDbDistance(distance))
        .limit(limit)
        .select([...columnsOfNeighbour(schema), '_distance']);
      const asked = effort === undefined ? query.bypassVectorIndex() : withEffort(query, limit, effort);
      const rows = await (condition === undefined ? asked : asked.where(condition)).toArray();
      // It may have been made anew between the two.
      const after = await this.#heads.last();
      if (after !== head) checkUnreplaced(this.uri, this.stamp, after.stamp);
      return rows
        .map((row: JsonRow) => row.toJSON())
        .map((row: Readonly<Record<string, unknown>>) => {
          const { id, _distance } = foundRow.parse(row);
          return {
            id,
            distance: distance === 'euclidean' ? Math.sqrt(_distance) : _distance,
            ...knownOfRow(row, fields),
          };
        })
        .sort((a: Neighbour, b: Neighbour) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
    });
  }

  async searchers(): Promise<readonly StoreSearcher[]> {
    return [{ name: this.uri, search: this.search.bind(this) }];
  }

  async note(name: StoreNoteName): Promise<string | undefined> {
    return this.#reading(async () => idMetadata((await this.#heads.last()).schema, noteKey(name)));
  }

  async facts(): Promise<StoreFacts> {
    return { bytes: this.folder === undefined ? undefined : await folderBytes(this.folder), index: 'exact' };
  }

  thumbnails(create = false): Promise<StoreThumbnails | undefined> {
    const { uri, folder, library, connection } = this;
    return LanceDbThumbnails.open({ uri, folder, library, connection }, create);
  }

  async write<T>(task: (writer: StoreWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const { uri, stamp, table, library, connection, folder } = this;
    const lock = await lockPlace(uri, folder, options);
    try {
      await this.#reading(() => table.checkoutLatest());
      checkUnreplaced(uri, stamp, (await this.#reading(() => this.#heads.last())).stamp);
      const writer = new LanceDbWriter(uri, stamp, { table, library, connection }, lock?.place);
      const result = await task(writer);
      if (lock !== undefined) await this.#tidyWhenWorn(writer);
      return result;
    } finally {
      await lock?.release();
    }
  }

  /**
   * Tidies after many commits, each of which leaves files that every later one lists: so often that neither these lists nor writing
   * the rows together takes most of the time.
   */
  async #tidyWhenWorn(writer: LanceDbWriter): Promise<void> {
    this.#commits = writer.isTidy ? writer.commits : this.#commits + writer.commits;
    if (this.#commits < fewestCommits || this.#commits < Math.sqrt(await this.count())) return;
    await writer.tidy();
    this.#commits = 0;
  }

  async close(): Promise<void> {
    this.table.close();
    this.connection.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Reads the last state of the table; begins again if a writer cleared that up meanwhile. */
  async #reading<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof LookalikeError) throw error;
        if (attempt === mostTries || !isGone(error)) throw lanceDbError('read the store', this.uri, error);
        await this.table.checkoutLatest().catch(() => undefined);
      }
    }
  }
}

/** One row for each id, the nearest of it. */
function onceEachNearest(rows: readonly Neighbour[]): Neighbour[] {
  const nearest = new Map<string, Neighbour>();
  for (const row of rows) if (!nearest.has(row.id)) nearest.set(row.id, row);
  return [...nearest.values()];
}

const foundRow = z.object({ id: z.string(), _distance: z.number() });

/** One row for each id, the last of it, in code-unit order of the ids. */
function onceEach<Row extends StoredImage>(rows: readonly Row[]): Row[] {
  const unique = new Map(rows.map((row) => [row.id, row]));
  return [...unique.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        // A writer has cleared it up meanwhile.
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

type LanceDbDistance = Parameters<VectorQuery['distanceType']>[0];

/** What LanceDB calls a distance. */
function lanceDbDistance(distance: SearchDistanceName): LanceDbDistance {
  // Its types leave out a distance that it takes, as its documentation of indexes says.
  if (distance === 'hamming') return 'hamming' as string as LanceDbDistance;
  return distance === 'cosine' ? 'cosine' : 'l2';
}
