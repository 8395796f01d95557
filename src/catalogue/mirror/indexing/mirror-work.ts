import { mapBounded } from '../../../foundation/concurrency/bounded-concurrency.ts';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import type { Progress } from '../../../foundation/progress/progress.ts';
import type { ImageRecord } from '../../../pictures/datasets/dataset.ts';
import type { StoredImage, StoredVector, StoreWriter } from '../../stores/vector-store.ts';
import { contentHash, type Fingerprint, lookAt } from './fingerprint.ts';
import type { IndexOptions } from './index-report.ts';
import { type KnownImage, type OutdatedImage, readers } from './plan-mirror.ts';

/** Images that are embedded and stored in one write: what a kill can lose. */
const imagesAWrite = 256;
/** Images of which nothing but what is known beside the vector is written, in one write. */
const descriptionsAWrite = 4096;

/** What the work needs. */
type WorkOptions = Pick<IndexOptions, 'store' | 'embedder' | 'onProgress' | 'signal'>;

/** Carries out what a plan says, some images at a time, each write whole. */
export class MirrorWork {
  added = 0;
  updated = 0;
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
   * Stores images of known bytes with the vectors of those bytes.
   *
   * @returns those whose bytes the store no longer has, as when two files have changed names: they have to be embedded.
   */
  async takeOver(known: readonly KnownImage[]): Promise<OutdatedImage[]> {
    const forgotten: OutdatedImage[] = [];
    for (const images of slices(known, imagesAWrite)) {
      throwIfAborted(this.#options.signal);
      const ids = images.flatMap(({ sameAs }) => (sameAs === undefined ? [] : [sameAs]));
      const rows = await this.#options.store.rows([...new Set(ids)]);
      const vectors = new Map(rows.map(({ contentHash: hash, vector }) => [hash, vector]));
      const taken: StoredVector[] = [];
      for (const { row, image, given } of images) {
        const vector = vectors.get(row.contentHash) ?? given?.vector;
        if (vector === undefined) forgotten.push({ image, known: row });
        else taken.push({ ...row, vector });
      }
      await this.#writer.put(taken);
      this.#count(taken);
    }
    return forgotten;
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

async function fingerprintOf({ source }: ImageRecord): Promise<Fingerprint> {
  return { ...(await lookAt(source)), contentHash: await contentHash(source) };
}

function* slices<Item>(items: readonly Item[], length: number): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += length) yield items.slice(first, first + length);
}
