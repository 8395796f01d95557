import { setTimeout } from 'node:timers/promises';
import { newFields } from '../../../metadata/metadata-fields.ts';
import { keptImages } from '../../check-metadata.ts';
import { checkRows, checkUnreplaced } from '../../check-vectors.ts';
import type { NumberedLock } from '../../numbered-lock.ts';
import { type IndexRecipe, type IndexWriter, type MeasuredIndex, noIndex } from '../../store-index.ts';
import type { StoreStamp } from '../../store-stamp.ts';
import type { StoredImage, StoredVector, StoreNoteName, StoreWriter } from '../../vector-store.ts';
import type { OpenedCollection } from '../cluster.ts';
import { weaviateError } from '../errors.ts';
import { measuredGraph } from '../indexes.ts';
import { objectId } from '../object-ids.ts';
import { imageIds, imageObject, noteObject, storedVectorOf, type WrittenObject } from '../objects.ts';
import { valueKey } from '../text-key.ts';
import { type Change, Revisions } from './changes.ts';
import { UnsettledWrites } from './unsettled-writes.ts';
import { waitUntilFound } from './visibility.ts';

/**
 * Writes a store in Weaviate. A call that is fulfilled is on most replicas of each row. One that fails, or whose process is killed, may
 * have written some rows and others not: given again it writes the rest.
 */
export class WeaviateWriter implements StoreWriter {
  readonly #revisions = new Revisions();
  readonly #unsettled: UnsettledWrites;
  #stampNow: StoreStamp;

  constructor(
    private readonly opened: OpenedCollection,
    private readonly lock: NumberedLock,
  ) {
    const { reading, writes, place } = opened.cluster;
    this.#unsettled = new UnsettledWrites(place.about, reading, writes);
    this.#stampNow = opened.stamp;
  }

  readonly indexes: IndexWriter = {
    make: async ({ build }: IndexRecipe) => {
      // What was measured holds no longer from here on.
      await this.setNote('index', noIndex);
      const { cluster, collection } = this.opened;
      await this.#writing(() => cluster.schema.setCandidates(collection, build.ef));
    },
    keep: (measured: MeasuredIndex) => this.setNote('index', JSON.stringify(measured)),
    drop: () => this.setNote('index', noIndex),
  };

  /** Takes up what earlier writers left unsettled. */
  async begin(): Promise<void> {
    const { reading, place } = this.opened.cluster;
    const notes = await reading.agreed(place.about);
    this.#revisions.raise(this.#unsettled.load([...notes.values()]));
    await this.#settleWhenDue();
  }

  /** Settles what is unsettled, unless a node is away: then it stays for the next writer. */
  async end(): Promise<void> {
    const { health, timing } = this.opened.cluster;
    while (this.#unsettled.size > 0 && this.#stampNow === this.opened.stamp) {
      const whole = await health.wholeFor();
      if (whole === undefined) return;
      if (whole >= timing.settleAfter) return void (await this.#settle());
      await setTimeout(Math.min(timing.settleAfter - whole + 1, timing.healthAge));
    }
  }

  async put(rows: readonly StoredVector[]): Promise<void> {
    const { cluster, stamp, collection } = this.opened;
    checkRows(cluster.uri, stamp, rows);
    const kept = keptImages(rows);
    if (kept.length === 0) return;
    await this.#writing(async () => {
      await this.#addFields(kept);
      await this.#countChanged(kept.length);
      await this.#write(this.#puts(collection, stamp, kept));
    });
  }

  async describe(images: readonly StoredImage[]): Promise<void> {
    const { cluster, stamp, collection } = this.opened;
    // The last of several descriptions counts.
    const known = new Map(images.map((image) => [image.id, image]));
    if (known.size === 0) return;
    await this.#writing(async () => {
      const there = await cluster.reading.objects(collection, imageIds([...known.keys()]), true);
      const described = there.map(storedVectorOf).flatMap(({ id, vector }) => {
        const image = known.get(id);
        return image === undefined ? [] : [{ ...image, vector }];
      });
      const kept = keptImages(described);
      await this.#addFields(kept);
      await this.#write(this.#puts(collection, stamp, kept));
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { collection } = this.opened;
    const names = [...new Set(ids)];
    await this.#writing(async () => {
      await this.#countChanged(names.length);
      await this.#write(
        names.map((name) => ({
          collection,
          id: objectId(name),
          revision: this.#revisions.next(),
          object: undefined,
          key: valueKey(name),
        })),
      );
    });
  }

  async setNote(name: StoreNoteName, text: string): Promise<void> {
    await this.#writing(() => this.#sendNote(name, text));
  }

  #sendNote(name: StoreNoteName, text: string): Promise<void> {
    return this.#send([this.#change(this.opened.cluster.place.about, name, noteObject(name, text))]);
  }

  /** Notes that so many images go into the graph or out of it, where it was measured: before they do, so that no kill hides it. */
  async #countChanged(images: number): Promise<void> {
    const measured = await measuredGraph(this.opened);
    if (measured === undefined) return;
    await this.#sendNote('index', JSON.stringify({ ...measured, joined: measured.joined + images }));
  }

  async takeUp(rows: readonly StoredVector[]): Promise<void> {
    const { collection, stamp } = this.opened;
    // Weaviate takes up a vector that is another one than before: first one that is a last place off, then its own.
    const nudged = rows.map((row) => ({ ...row, vector: nudgedVector(stamp, row.vector) }));
    await this.#writing(async () => {
      await this.#write(this.#puts(collection, stamp, keptImages(nudged)));
      await this.#write(this.#puts(collection, stamp, keptImages(rows)));
    });
  }

  async replace(stamp: StoreStamp, rows: readonly StoredVector[]): Promise<void> {
    const { cluster, collection } = this.opened;
    const { schema, uri } = cluster;
    checkRows(uri, stamp, rows);
    const kept = keptImages(rows);
    await this.#writing(async () => {
      // Nobody has measured the next graph.
      await this.#sendNote('index', noIndex);
      const fields = await schema.fields(collection);
      const next = await schema.makeNext(collection, stamp, [...fields, ...newFields(uri, fields, kept)]);
      await this.#send(this.#puts(next, stamp, kept));
      await schema.switchTo(next);
      this.#stampNow = stamp;
      await schema.drop(collection);
    });
  }

  /** Two objects of one UUID cannot be. */
  async mend(): Promise<number> {
    return 0;
  }

  /** Weaviate clears up by itself. */
  async tidy(): Promise<void> {}

  #puts(collection: string, stamp: StoreStamp, rows: readonly StoredVector[]): Change[] {
    return rows.map((row) => this.#change(collection, row.id, imageObject(stamp, row)));
  }

  #change(collection: string, name: string, object: WrittenObject): Change {
    return { collection, id: objectId(name), revision: this.#revisions.next(), object };
  }

  async #addFields(images: readonly StoredImage[]): Promise<void> {
    const { cluster, collection } = this.opened;
    if (images.every(({ metadata }) => metadata === undefined)) return;
    const fields = await cluster.schema.fields(collection);
    await cluster.schema.addFields(collection, newFields(cluster.uri, fields, images));
  }

  /** Writes changes of images, until searches see them. */
  async #write(changes: readonly Change[]): Promise<void> {
    const { cluster, stamp } = this.opened;
    await this.#send(changes);
    await waitUntilFound(cluster.rotation, changes, stamp.dimension, cluster.timing);
  }

  async #send(changes: readonly Change[]): Promise<void> {
    try {
      await this.opened.cluster.writes.write(changes, this.#unsettled);
      this.#unsettled.acknowledge(changes);
    } finally {
      await this.#unsettled.keep();
    }
  }

  async #writing<T>(work: () => Promise<T>): Promise<T> {
    const { cluster, stamp } = this.opened;
    checkUnreplaced(cluster.uri, stamp, this.#stampNow);
    try {
      await this.lock.check();
      await this.#settleWhenDue();
      return await work();
    } catch (error) {
      throw weaviateError('write the store', cluster.uri, error);
    }
  }

  #settle(): Promise<number> {
    return this.#unsettled.settle(this.opened.collection, () => this.#revisions.next());
  }

  async #settleWhenDue(): Promise<void> {
    if (this.#unsettled.size === 0) return;
    const { health, timing } = this.opened.cluster;
    const whole = await health.wholeFor();
    if (whole !== undefined && whole >= timing.settleAfter) await this.#settle();
  }
}

/** A vector whose first element is the next float32; of Hamming distances, of which signs are kept, of the other sign. */
function nudgedVector({ distance }: StoreStamp, vector: Float32Array): Float32Array {
  const nudged = vector.slice();
  if (distance === 'hamming') nudged[0] = nudged[0] > 0 ? -1 : 1;
  // Of zero that is the smallest number above it.
  else new Int32Array(nudged.buffer, nudged.byteOffset, 1)[0] += 1;
  return nudged;
}
