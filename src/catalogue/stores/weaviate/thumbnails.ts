import { Buffer } from 'node:buffer';
import type { StoreThumbnails, Thumbnail } from '../store-thumbnails.ts';
import type { WeaviateCluster } from './cluster.ts';
import { weaviateError } from './errors.ts';
import { objectId } from './object-ids.ts';
import { noteObject } from './objects.ts';
import type { Change } from './writing/changes.ts';

/** Whatever write it was, of the same bytes it is the same picture. */
const revision = 1;
/** A write whose outcome is not known leaves a picture too many or too few, which the next `index` makes or removes. */
const noDoubts = { doubt: () => undefined };

/** The thumbnails of a store in Weaviate: a collection without vectors beside that of the images, as notes are. */
export class WeaviateThumbnails implements StoreThumbnails {
  private constructor(
    private readonly cluster: WeaviateCluster,
    private readonly collection: string,
  ) {}

  /** @param create make the collection if there is none. @returns undefined if there are none and none are to be made. */
  static async open(cluster: WeaviateCluster, create: boolean): Promise<WeaviateThumbnails | undefined> {
    const collection = `${cluster.place.collection}_thumbnails`;
    const opened = new WeaviateThumbnails(cluster, collection);
    return opened.#asked('open', async () => {
      if (create) await cluster.schema.makeNotes(collection);
      else if (!(await cluster.schema.has(collection))) return undefined;
      return opened;
    });
  }

  hashes(): Promise<Set<string>> {
    const { rotation } = this.cluster;
    return this.#asked('read', async () => new Set(await rotation.through((node) => node.names(this.collection))));
  }

  read(contentHash: string): Promise<Buffer | undefined> {
    return this.#asked('read', async () => {
      const found = await this.cluster.reading.object(this.collection, objectId(contentHash));
      return found === undefined ? undefined : Buffer.from(String(found.properties.text), 'base64');
    });
  }

  async put(thumbnails: readonly Thumbnail[]): Promise<void> {
    await this.#write(
      thumbnails.map(({ contentHash, webp }) => {
        const text = Buffer.from(webp.buffer, webp.byteOffset, webp.length).toString('base64');
        return this.#change(contentHash, noteObject(contentHash, text));
      }),
    );
  }

  async remove(hashes: readonly string[]): Promise<void> {
    await this.#write(hashes.map((hash) => this.#change(hash, undefined)));
  }

  /** Weaviate clears up by itself. */
  async tidy(): Promise<void> {}

  /** The cluster is the store's. */
  async [Symbol.asyncDispose](): Promise<void> {}

  #change(contentHash: string, object: Change['object']): Change {
    return { collection: this.collection, id: objectId(contentHash), revision, object };
  }

  async #write(changes: readonly Change[]): Promise<void> {
    if (changes.length > 0) await this.#asked('write', () => this.cluster.writes.write(changes, noDoubts));
  }

  async #asked<T>(action: 'open' | 'read' | 'write', work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw weaviateError(`${action} the thumbnails of the store`, this.cluster.uri, error);
    }
  }
}
