import type { Table, VectorQuery } from '@lancedb/lancedb';
import {
  type IndexAdvice,
  type IndexRecipe,
  type IndexState,
  type SearchEffort,
  type StoreIndexes,
  tooFewToIndex,
} from '../store-index.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { Neighbour, StoredVector } from '../vector-store.ts';
import type { LanceDbLibrary } from './library.ts';
import { columnsBesideVector, fieldsOfSchema, type JsonRow, storedVectorOf } from './rows.ts';
import { indexName, type TableHeads } from './table-head.ts';

/** Images of one graph: more are in several, each searched by itself. */
const rowsOfGraph = 1_000_000;

/** How many probes or candidates are tried: doubling, from the first up to the last. */
function doubling(first: number, last: number): number[] {
  const steps = [];
  for (let step = first; step < last; step *= 2) steps.push(step);
  return [...steps, last];
}

/**
 * The indexes that LanceDB makes which are worth measuring. `ivf-flat` sorts whole vectors into the cells of as many means as the
 * root of the images, and compares with those of the nearest cells. `ivf-hnsw-sq` is a graph over vectors of one byte an element; what
 * it finds is compared anew by the whole vectors. LanceDB's `IVF_PQ` took many times as long to make and was no quicker.
 */
export function lanceDbAdvice({ distance }: StoreStamp, rows: number): IndexAdvice {
  if (distance === 'hamming')
    return { recipes: [], reason: 'signs alone are compared so quickly that an index is of no use' };
  const tooFew = tooFewToIndex(rows);
  if (tooFew !== undefined) return tooFew;
  const partitions = Math.round(Math.sqrt(rows));
  const flat = {
    kind: 'ivf-flat',
    build: { partitions },
    efforts: doubling(1, partitions).map((probes) => ({ probes })),
  };
  const graphs = Math.ceil(rows / rowsOfGraph);
  const graph = {
    kind: 'ivf-hnsw-sq',
    build: { partitions: graphs, m: 20, efConstruction: 150 },
    efforts: doubling(16, 1024).map((ef) => ({ probes: graphs, ef, refine: 2 })),
  };
  return {
    recipes: [graph, flat],
    reason: `${rows} images: a graph over vectors of bytes, and ${partitions} cells of whole vectors, about the root of the images`,
  };
}

/** Makes an index over the vectors, in place of the one that is there. */
export async function createIndex(
  { lanceDb }: LanceDbLibrary,
  table: Table,
  { distance }: StoreStamp,
  { kind, build }: IndexRecipe,
): Promise<void> {
  const distanceType = distance === 'cosine' ? 'cosine' : 'l2';
  const { partitions: numPartitions, m, efConstruction } = build;
  const config =
    kind === 'ivf-flat'
      ? lanceDb.Index.ivfFlat({ distanceType, numPartitions })
      : lanceDb.Index.hnswSq({ distanceType, numPartitions, m, efConstruction });
  await table.createIndex('vector', { config, name: indexName, replace: true });
}

/** Takes the index away, if there is one. */
export async function removeIndex(table: Table): Promise<void> {
  const there = await table.listIndices();
  if (there.some(({ name }) => name === indexName)) await table.dropIndex(indexName);
}

/** A query that looks at so much of the index. */
export function withEffort(query: VectorQuery, limit: number, { probes, ef, refine }: SearchEffort): VectorQuery {
  let asked = query;
  if (probes !== undefined) asked = asked.nprobes(probes);
  if (refine !== undefined) asked = asked.refineFactor(refine);
  // A graph gives at most as many as it keeps in mind.
  if (ef !== undefined) asked = asked.ef(Math.max(ef, limit * (refine ?? 1)));
  return asked;
}

/** The indexes of an open store. */
export class LanceDbIndexes implements StoreIndexes {
  /** @param reading reads the last state of the table. */
  constructor(
    private readonly stamp: StoreStamp,
    private readonly table: Table,
    private readonly heads: TableHeads,
    private readonly reading: <T>(work: () => Promise<T>) => Promise<T>,
    readonly search: (vector: Float32Array, k: number, effort: SearchEffort) => Promise<Neighbour[]>,
  ) {}

  advice(rows: number): IndexAdvice {
    return lanceDbAdvice(this.stamp, rows);
  }

  async sample(count: number): Promise<StoredVector[]> {
    return this.reading(async () => {
      const rows = await this.table.countRows();
      const taken = Math.min(count, rows);
      if (taken === 0) return [];
      const schema = await this.table.schema();
      const offsets = Array.from({ length: taken }, (_, place) => Math.floor((place * rows) / taken));
      const query = this.table.takeOffsets(offsets).select([...columnsBesideVector(schema), 'vector']);
      const found = await query.toArray();
      return found.map((row: JsonRow) => storedVectorOf(row.toJSON(), this.stamp, fieldsOfSchema(schema)));
    });
  }

  async state(): Promise<IndexState | undefined> {
    return this.reading(async () => (await this.heads.last()).index());
  }
}
