import { mapBounded } from '../../../foundation/concurrency/bounded-concurrency.ts';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import type { Progress } from '../../../foundation/progress/progress.ts';
import type { ImageRecord } from '../../../pictures/datasets/dataset.ts';
import type { StoredImage, StoredVector, StoreWriter } from '../../stores/vector-store.ts';
import { contentHash, type Fingerprint, lookAt } from './fingerprint.ts';
import type { IndexOptions } from './index-report.ts';
import { type GivenVector, type KnownImage, type OutdatedImage, readers } from './plan-mirror.ts';

/** Images that are embedded and stored in one write: what a kill can lose. */
const imagesAWrite = 256;
/** Images of which nothing but what is known beside the vector is written, in one write. */
const descriptionsAWrite = 4096;

/** What the work needs. */
type WorkOptions = Pick<IndexOptions, 'store' | 'embedder' | 'vectors' | 'onProgress' | 'signal'>;

/** Carries out what a plan says, some images at a time, each write whole. */
export class MirrorWork {
  added = 0;
  updated = 0;
  /** Images with vectors that were given. */
  given = 0;
  readonly unreadable: { readonly id: string; readonly reason: string }[] = [];
  readonly #writer: StoreWriter;
  readonly #options: WorkOptions;
  readonly #stored: ReadonlySet<string>;

  /** @param stored the ids that were in the store. */
  constructor(writer: StoreWriter, options: WorkOptions, stored: ReadonlySet<string>) {
    this.#writer = writer;
    this.#options = options;
    this.#stored = stored;
  }

  /**
   * Stores images of known bytes with the vectors of those bytes, and images with the vectors that are given for them.
   *
   * @returns those whose vectors are not there any more, as when two files have changed names: they have to be embedded.
   */
  async takeOver(known: readonly KnownImage[]): Promise<OutdatedImage[]> {
    const stored = known.filter(({ sameAs }) => sameAs !== undefined);
    const left = known.filter(({ sameAs }) => sameAs === undefined);
    for (const images of slices(stored, imagesAWrite)) {
      throwIfAborted(this.#options.signal);
      const ids = images.flatMap(({ sameAs }) => (sameAs === undefined ? [] : [sameAs]));
      const rows = await this.#options.store.rows([...new Set(ids)]);
      const vectors = new Map(rows.map(({ contentHash: hash, vector }) => [hash, vector]));
      const taken: StoredVector[] = [];
      for (const image of images) {
        const vector = vectors.get(image.row.contentHash);
        if (vector === undefined) left.push(image);
        else taken.push({ ...image.row, vector });
      }
      await this.#put(taken);
    }
    return this.#takeGiven(left);
  }

  /** Stores images as the vectors that are given for them come. @returns those for which none came. */
  async #takeGiven(images: readonly KnownImage[]): Promise<OutdatedImage[]> {
    const { vectors, signal } = this.#options;
    const waiting = new WaitingImages(images);
    let taken: StoredVector[] = [];
    if (vectors !== undefined && waiting.size > 0) {
      for await (const some of vectors.vectors()) {
        for (const given of some) {
          throwIfAborted(signal);
          taken.push(...waiting.take(given).map(({ row }) => ({ ...row, vector: given.vector })));
          if (taken.length < imagesAWrite) continue;
          await this.#put(taken);
          taken = [];
        }
        if (waiting.size === 0) break;
      }
      await this.#put(taken);
    }
    const withoutVector = images.filter((image) => waiting.has(image) || image.given === undefined);
    this.given = images.length - withoutVector.length;
    return withoutVector.map(({ image, row }) => ({ image, known: row }));
  }

  async #put(rows: readonly StoredVector[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#writer.put(rows);
    this.#count(rows);
  }

  /** Writes what is known of images whose vectors stay. */
  async describe(described: readonly StoredImage[]): Promise<void> {
    for (const images of slices(described, descriptionsAWrite)) {
      throwIfAborted(this.#options.signal);
      await this.#writer.describe(images);
    }
  }

  /** Embeds images and stores them; removes the old vectors of those that cannot be decoded any more. */
  async embed(outdated: readonly OutdatedImage[]): Promise<void> {
    const total = outdated.length;
    let done = 0;
    for (const images of slices(outdated, imagesAWrite)) {
      const rows: StoredVector[] = [];
      const broken: { id: string; reason: string }[] = [];
      const before = done;
      try {
        await this.#embedRows(images, rows, broken, (progress) =>
          this.#options.onProgress?.({ ...progress, work: 'indexing', done: before + progress.done, total }),
        );
      } finally {
        // Also when it was stopped: what is embedded by now is kept.
        await this.#writer.put(rows);
      }
      await this.#writer.remove(broken.map(({ id }) => id).filter((id) => this.#stored.has(id)));
      this.unreadable.push(...broken);
      this.#count(rows);
      done += images.length;
    }
  }

  #count(rows: readonly StoredVector[]): void {
    for (const { id } of rows) this.#stored.has(id) ? this.updated++ : this.added++;
  }

  /** Embeds some images and fills `rows` and `broken` as it goes, so that nothing done is lost when it is stopped. */
  async #embedRows(
    images: readonly OutdatedImage[],
    rows: StoredVector[],
    broken: { id: string; reason: string }[],
    onProgress: (progress: Progress) => void,
  ): Promise<void> {
    const { embedder, signal } = this.#options;
    const sources = images.map(({ image }) => image.source);
    // Taken before the images are decoded: a file that changes in between is found changed by the next run.
    const fingerprints = await mapBounded(images, readers, async ({ image, fingerprint }) => {
      throwIfAborted(signal);
      return fingerprint ?? fingerprintOf(image).catch((error: Error) => error);
    });
    for await (const result of embedder.embedSources(sources, { onProgress, signal })) {
      const { image, known } = images[result.index];
      const fingerprint = fingerprints[result.index];
      if ('unreadable' in result) broken.push({ id: image.id, reason: result.unreadable.message });
      else if (fingerprint instanceof Error) broken.push({ id: image.id, reason: fingerprint.message });
      else rows.push({ ...known, id: image.id, ...fingerprint, vector: result.vector });
    }
  }
}

/** Images that wait for the vectors that are given for them. */
class WaitingImages {
  readonly #byBytes = new Map<string, KnownImage[]>();
  readonly #byName = new Map<string, KnownImage>();

  constructor(images: readonly KnownImage[]) {
    for (const image of images) {
      const { contentHash: hash, id } = image.row;
      if (image.given === 'name') this.#byName.set(id, image);
      else if (image.given === 'bytes') this.#byBytes.set(hash, [...(this.#byBytes.get(hash) ?? []), image]);
    }
  }

  get size(): number {
    return this.#byBytes.size + this.#byName.size;
  }

  has({ given, row }: KnownImage): boolean {
    return given === 'name' ? this.#byName.has(row.id) : this.#byBytes.has(row.contentHash);
  }

  /** Those that a vector is given for; they wait no longer. */
  take(given: GivenVector): readonly KnownImage[] {
    if ('name' in given) {
      const image = this.#byName.get(given.name);
      this.#byName.delete(given.name);
      return image === undefined ? [] : [image];
    }
    const images = this.#byBytes.get(given.contentHash) ?? [];
    this.#byBytes.delete(given.contentHash);
    return images;
  }
}

async function fingerprintOf({ source }: ImageRecord): Promise<Fingerprint> {
  return { ...(await lookAt(source)), contentHash: await contentHash(source) };
}

function* slices<Item>(items: readonly Item[], length: number): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += length) yield items.slice(first, first + length);
}
