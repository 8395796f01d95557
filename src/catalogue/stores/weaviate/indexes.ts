import {
  type IndexAdvice,
  type IndexState,
  indexState,
  type MeasuredIndex,
  parseMeasuredIndex,
  type SearchEffort,
  type StoreIndexes,
  tooFewToIndex,
} from '../store-index.ts';
import type { Neighbour, StoredVector } from '../vector-store.ts';
import type { OpenedCollection } from './cluster.ts';
import { graphBuild } from './collections/definitions.ts';
import { objectId } from './object-ids.ts';
import { storedVectorOf } from './objects.ts';

/** Candidates that a search may keep in mind. Weaviate keeps at least as many as are asked for. */
const candidates = [32, 64, 128, 256, 512] as const;

/**
 * The ways to ask Weaviate's graph (HNSW) that are worth measuring. It is kept up anyhow; how many candidates a search keeps in mind
 * (`ef`) is a number of the collection and not of the search, so that each is an index of its own.
 */
export function weaviateAdvice(rows: number): IndexAdvice {
  const tooFew = tooFewToIndex(rows);
  if (tooFew !== undefined) return tooFew;
  return {
    recipes: candidates.map((ef) => ({ kind: 'hnsw', build: { ...graphBuild, ef }, efforts: [{ ef }] })),
    reason: `${rows} images: Weaviate's graph, with ${graphBuild.maxConnections} links an image`,
  };
}

/** The graph of an open store. */
export class WeaviateIndexes implements StoreIndexes {
  constructor(
    private readonly opened: OpenedCollection,
    /** The nearest by the graph as it is. */
    readonly search: (vector: Float32Array, k: number, effort: SearchEffort) => Promise<Neighbour[]>,
    private readonly reading: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  advice(rows: number): IndexAdvice {
    return weaviateAdvice(rows);
  }

  async sample(count: number): Promise<StoredVector[]> {
    const { cluster, collection } = this.opened;
    return this.reading(async () => {
      // A UUID is a hash of the image's name: the first ones are spread over all.
      const ids = [...(await cluster.reading.agreed(collection)).keys()].sort().slice(0, count);
      return (await cluster.reading.objects(collection, ids, true)).map(storedVectorOf);
    });
  }

  async state(): Promise<IndexState | undefined> {
    const measured = await this.reading(() => measuredGraph(this.opened));
    // A node puts every image into its graph as it is written.
    return measured && indexState(measured, 0, measured.joined);
  }
}

/** What was measured of the graph of a store; undefined where searching is exact. */
export async function measuredGraph({ cluster }: OpenedCollection): Promise<MeasuredIndex | undefined> {
  const { uri, reading, place } = cluster;
  const note = await reading.object(place.about, objectId('index'));
  return parseMeasuredIndex(uri, note === undefined ? undefined : String(note.properties.text));
}
