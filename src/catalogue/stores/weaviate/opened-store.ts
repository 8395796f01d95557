import type { MetadataField } from '../../metadata/metadata.ts';
import { imageFilter } from '../check-metadata.ts';
import { checkNeighbourCount, checkUnreplaced, checkVector } from '../check-vectors.ts';
import { noStore } from '../no-store.ts';
import { NumberedLock } from '../numbered-lock.ts';
import { effortOfSearch, type SearchDemand } from '../store-index.ts';
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
import type { OpenedCollection } from './cluster.ts';
import { ownProperties } from './collections/properties.ts';
import { weaviateError } from './errors.ts';
import { WeaviateIndexes } from './indexes.ts';
import { aliasNumbers } from './lock.ts';
import type { WeaviateNode } from './nodes/node.ts';
import { objectId } from './object-ids.ts';
import { imageIds, keptVector, storedImageOf, storedVectorOf } from './objects.ts';
import { nearestImages } from './searching.ts';
import { WeaviateThumbnails } from './thumbnails.ts';
import { weaviateWhere } from './where.ts';
import { WeaviateWriter } from './writing/writer.ts';

/** A store whose collection is there; see `weaviateStores`. */
export class WeaviateStore implements VectorStore {
  readonly uri: string;
  readonly stamp: StoreStamp;

  readonly indexes: WeaviateIndexes;

  constructor(private readonly opened: OpenedCollection) {
    this.uri = opened.cluster.uri;
    this.stamp = opened.stamp;
    const { rotation } = opened.cluster;
    const search = (vector: Float32Array, k: number) =>
      this.#search({ vector, k, filter: undefined }, (work) => rotation.through(work));
    this.indexes = new WeaviateIndexes(opened, search, (work) => this.#reading(work));
  }

  async images(filter: ImageFilter = {}): Promise<StoredImage[]> {
    return this.#reading(async ({ reading, schema }, collection) => {
      const { only } = filter;
      const objects =
        only === undefined
          ? [...(await reading.agreed(collection)).values()]
          : await reading.objects(collection, imageIds([...new Set(only)]));
      const images = objects.map(({ properties }) => storedImageOf(properties[ownProperties.image]));
      const fields = filter.where === undefined ? [] : await schema.fields(collection);
      return images.filter(imageFilter(filter, fields)).sort(byId);
    });
  }

  async fields(): Promise<MetadataField[]> {
    return this.#reading(({ schema }, collection) => schema.fields(collection));
  }

  async rows(ids: readonly string[]): Promise<StoredVector[]> {
    return this.#reading(async ({ reading }, collection) => {
      const objects = await reading.objects(collection, imageIds([...new Set(ids)]), true);
      if (objects.length === 0 && ids.length > 0) await this.#checkUnreplaced();
      return objects.map(storedVectorOf).sort(byId);
    });
  }

  async *scan(): AsyncIterable<StoredVector[]> {
    const { cluster, collection } = this.opened;
    let seen = 0;
    try {
      for await (const objects of cluster.reading.withVectors(collection)) {
        seen += objects.length;
        yield objects.map(storedVectorOf);
      }
    } catch (error) {
      await this.#checkUnreplaced();
      throw weaviateError('read the store', this.uri, error);
    }
    if (seen === 0) await this.#checkUnreplaced();
  }

  async count(): Promise<number> {
    return this.#reading(({ reading }, collection) => reading.count(collection));
  }

  async search(
    vector: Float32Array,
    k: number,
    filter: ImageFilter = {},
    demand: SearchDemand = {},
  ): Promise<Neighbour[]> {
    const { rotation } = this.opened.cluster;
    const effort = await effortOfSearch(() => this.indexes.state(), k, filter, demand);
    if (effort !== undefined) {
      const found = await this.indexes.search(vector, k, effort);
      // A graph that images were taken out of may give fewer.
      if (found.length === k) return found;
    }
    return this.#search({ vector, k, filter }, (work) => rotation.through(work));
  }

  async searchers(): Promise<readonly StoreSearcher[]> {
    const { rotation, health } = this.opened.cluster;
    await health.wait();
    return rotation.inTurn().map((node) => ({
      name: node.name,
      search: (vector, k, filter = {}) => this.#search({ vector, k, filter }, (work) => work(node)),
    }));
  }

  async note(name: StoreNoteName): Promise<string | undefined> {
    return this.#reading(async ({ reading, place }) => {
      const note = await reading.object(place.about, objectId(name));
      return note === undefined ? undefined : String(note.properties.text);
    });
  }

  async facts(): Promise<StoreFacts> {
    return { bytes: undefined, index: 'exact' };
  }

  thumbnails(create = false): Promise<StoreThumbnails | undefined> {
    return WeaviateThumbnails.open(this.opened.cluster, create);
  }

  async write<T>(task: (writer: StoreWriter) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    const { cluster } = this.opened;
    const lock = await NumberedLock.take(this.uri, aliasNumbers(cluster), options).catch((error: unknown) => {
      throw weaviateError('write the store', this.uri, error);
    });
    try {
      const writer = new WeaviateWriter(this.opened, lock);
      await this.#checkUnreplaced();
      await this.#reading(() => writer.begin());
      const done = await task(writer);
      await this.#reading(() => writer.end());
      return done;
    } finally {
      await lock.release();
    }
  }

  async close(): Promise<void> {
    this.opened.cluster.stop();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Searches by comparing with what a filter lets through, or by the graph where there is no filter. */
  async #search(
    { vector, k, filter }: Asked,
    through: <T>(work: (node: WeaviateNode) => Promise<T>) => Promise<T>,
  ): Promise<Neighbour[]> {
    checkNeighbourCount(k);
    checkVector(this.uri, this.stamp, vector, 'the query');
    return this.#reading(async ({ schema }, collection) => {
      if (filter?.only?.length === 0) return [];
      const fields = filter?.where === undefined ? [] : await schema.fields(collection);
      const where = filter && weaviateWhere(filter, fields);
      const asked = { collection, vector: keptVector(this.stamp, vector), where };
      const found = await through((node) => nearestImages(node, asked, k, this.stamp.distance));
      if (found.length === 0) await this.#checkUnreplaced();
      return found;
    });
  }

  async #checkUnreplaced(): Promise<void> {
    const now = await this.opened.cluster.schema.current();
    if (now === undefined) throw noStore(this.uri);
    checkUnreplaced(this.uri, this.stamp, now.stamp);
  }

  async #reading<T>(work: (cluster: OpenedCollection['cluster'], collection: string) => Promise<T>): Promise<T> {
    const { cluster, collection } = this.opened;
    try {
      return await work(cluster, collection);
    } catch (error) {
      const told = weaviateError('read the store', this.uri, error);
      if (told !== error)
        await this.#checkUnreplaced().catch((other: unknown) => {
          throw weaviateError('read the store', this.uri, other);
        });
      throw told;
    }
  }
}

/** What is searched for. */
interface Asked {
  readonly vector: Float32Array;
  readonly k: number;
  /** Undefined: by the graph. */
  readonly filter: ImageFilter | undefined;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
