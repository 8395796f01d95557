import type { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { BoundedConcurrency, mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import type { ImageDataset, ImageSource } from '../datasets/dataset.ts';
import { type ImagePlace, imagePlaces } from '../datasets/image-place.ts';
import { PictureDecoder } from '../decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../decoding/picture-limits.ts';
import { readImageFile } from '../decoding/read-image-file.ts';
import { UnreadableImageError } from '../decoding/unreadable-image-error.ts';
import { DiskPixels } from './disk-pixels.ts';
import type { PreparationPool } from './preparation-pool.ts';
import { preprocess } from './preprocess.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';

/** The bounds of a cache. */
export interface PixelCacheOptions {
  /** Bytes of prepared pixels that are remembered. Default: 1 GiB. */
  readonly budgetBytes?: number;
  /** How many images are decoded at a time. Default: the machine's threads. */
  readonly concurrency?: number;
  /** Remembers on disk the images for which memory has no room. Default: they are decoded each time. */
  readonly disk?: DiskPixels;
  /** Limits of a picture; one beyond them counts as unreadable. */
  readonly limits?: PartialPictureLimits | undefined;
  /** Threads that read, decode and resize files, within the same limits. Default: this thread does. */
  readonly preparation?: Pick<PreparationPool, 'prepare'> | undefined;
}

/** An image that cannot be decoded. */
export interface UnreadableImage {
  /** Its place in the dataset. */
  readonly index: number;
  readonly id: string;
  readonly reason: string;
}

/**
 * The prepared pixels of a dataset's images, decoded when they are asked for.
 *
 * Images are remembered until the budget is spent and then never given up: training asks for every image about equally
 * often, and a cache that forgot the oldest would forget each one just before it is needed again. Beyond the budget they
 * are remembered on disk, if there is one, as they were when they were first looked at; else decoded again each time. Memory
 * then holds what is being decoded: `concurrency` pictures at full size.
 */
export class PixelCache {
  readonly dataset: ImageDataset;
  readonly rule: PreprocessingRule;
  /** Bytes an image: `height * width * 3`. */
  readonly bytesPerImage: number;
  readonly #capacity: number;
  readonly #decoding: BoundedConcurrency;
  readonly #decoder: PictureDecoder;
  readonly #disk: DiskPixels | undefined;
  readonly #preparation: PixelCacheOptions['preparation'];
  /** By which key the pixels of an image are on disk. */
  readonly #keys = new Map<number, string>();
  readonly #remembered = new Map<number, Uint8Array>();
  /** Places in memory that are kept for pictures which threads are reading. */
  #reserved = 0;
  readonly #underWay = new Map<number, Promise<Uint8Array>>();
  readonly #unreadable = new Map<number, UnreadableImage>();

  constructor(dataset: ImageDataset, rule: PreprocessingRule, options: PixelCacheOptions = {}) {
    this.dataset = dataset;
    this.rule = rule;
    this.bytesPerImage = rule.width * rule.height * 3;
    this.#capacity = Math.floor((options.budgetBytes ?? 2 ** 30) / this.bytesPerImage);
    this.#preparation = options.preparation;
    // A thread of a pool prepares two pictures at a time.
    const usual = (options.preparation === undefined ? 1 : 2) * availableParallelism();
    this.#decoding = new BoundedConcurrency(options.concurrency ?? usual);
    this.#disk = options.disk;
    this.#decoder = new PictureDecoder(options.limits);
  }

  /** The images that could not be decoded so far, each once, in the dataset's order. */
  get unreadable(): readonly UnreadableImage[] {
    return [...this.#unreadable.values()].sort((a, b) => a.index - b.index);
  }

  /** How many images are remembered. */
  get remembered(): number {
    return this.#remembered.size;
  }

  /**
   * Decodes every image once and returns the places of those that can be, in order. The others are in `unreadable`; who
   * trains on the returned places alone never meets them. `onPixels` gets the pixels of each readable one while they are there, in any order.
   */
  async scan(
    watched: LongWork = {},
    onPixels?: (index: ImagePlace, pixels: Uint8Array) => void,
  ): Promise<ImagePlace[]> {
    const places = imagePlaces(this.dataset);
    let done = 0;
    const readable = await mapBounded(places, 2 * availableParallelism(), async (index) => {
      const pixels = await this.#pixelsIfReadable(index);
      if (pixels !== undefined) onPixels?.(index, pixels);
      advance(watched, { work: 'looking at pictures', unit: 'images', done: ++done, total: places.length });
      return pixels !== undefined;
    });
    return places.filter((index) => readable[index]);
  }

  /**
   * The prepared pixels of the images at these places, in this order, `height * width * 3` bytes each. They are the
   * cache's own: whoever changes them changes them for all.
   *
   * @throws UnreadableImageError if one cannot be decoded; RangeError if a place is outside the dataset.
   */
  async load(indexes: readonly ImagePlace[]): Promise<Uint8Array[]> {
    return Promise.all(indexes.map((index) => this.#pixels(index)));
  }

  /** The same in one new array of the shape `[indexes.length, height, width, 3]`. */
  async batch(indexes: readonly ImagePlace[]): Promise<Uint8Array> {
    const batch = new Uint8Array(indexes.length * this.bytesPerImage);
    for (const [row, pixels] of (await this.load(indexes)).entries()) batch.set(pixels, row * this.bytesPerImage);
    return batch;
  }

  async #pixelsIfReadable(index: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#pixels(index);
    } catch (error) {
      if (error instanceof UnreadableImageError) return undefined;
      throw error;
    }
  }

  async #pixels(index: number): Promise<Uint8Array> {
    const remembered = this.#remembered.get(index);
    if (remembered !== undefined) return remembered;
    const underWay = this.#underWay.get(index) ?? this.#decode(index);
    this.#underWay.set(index, underWay);
    try {
      return await underWay;
    } finally {
      this.#underWay.delete(index);
    }
  }

  async #decode(index: number): Promise<Uint8Array> {
    const record = this.dataset.images[index];
    if (record === undefined) {
      throw new RangeError(`there is no image ${index}: the dataset has ${this.dataset.images.length}`);
    }
    const known = this.#unreadable.get(index);
    if (known !== undefined) throw new UnreadableImageError(record.id, known.reason);
    try {
      return await this.#decoding.run(() => this.#prepare(index, record.source));
    } catch (error) {
      if (error instanceof UnreadableImageError) {
        this.#unreadable.set(index, { index, id: record.id, reason: error.reason });
      }
      throw error;
    }
  }

  /** From the disk if it has the pixels, else decoded; then remembered where there is room. */
  async #prepare(index: number, source: ImageSource): Promise<Uint8Array> {
    const disk = this.#disk;
    if (disk === undefined || source.kind !== 'file') return this.#remember(index, await this.#pixelsOf(source));
    const known = this.#keys.get(index);
    const stored = known === undefined ? undefined : await disk.read(this.rule, known);
    if (stored !== undefined) return stored;
    const mayBeThere = known === undefined && (await disk.hasAny(this.rule));
    // Nobody asks for the key of what memory has room for: threads read the file themselves.
    if (known === undefined && !mayBeThere && !disk.keep && this.#hasRoom) return this.#readByThreads(index, source);
    const bytes = await readImageFile(source.path);
    let key = mayBeThere ? DiskPixels.keyOf(bytes) : undefined;
    const found = key === undefined ? undefined : await disk.read(this.rule, key);
    const pixels = found ?? (await this.#pixelsOf(bytes, source.path));
    this.#remember(index, pixels);
    if (!this.#remembered.has(index) || disk.keep) {
      key ??= DiskPixels.keyOf(bytes);
      if (await disk.write(this.rule, key, pixels)) this.#keys.set(index, key);
    }
    return pixels;
  }

  get #hasRoom(): boolean {
    return this.#remembered.size + this.#reserved < this.#capacity;
  }

  /** What an image is to a network, remembered in a place that is kept for it meanwhile. */
  async #readByThreads(index: number, source: ImageSource): Promise<Uint8Array> {
    this.#reserved++;
    let pixels: Uint8Array;
    try {
      pixels = await this.#pixelsOf(source);
    } catch (error) {
      this.#reserved--;
      throw error;
    }
    this.#reserved--;
    return this.#remember(index, pixels);
  }

  /** What an image is to a network, made by the threads that were given where it comes from a file. */
  async #pixelsOf(source: ImageSource | Buffer, name?: string): Promise<Uint8Array> {
    const file = 'kind' in source ? (source.kind === 'file' ? source.path : undefined) : source;
    if (this.#preparation === undefined || file === undefined) {
      return preprocess(source, this.rule, { decoder: this.#decoder, ...(name === undefined ? {} : { name }) });
    }
    const [pixels] = await this.#preparation.prepare([file], this.rule);
    if (pixels instanceof UnreadableImageError) throw pixels;
    return pixels;
  }

  #remember(index: number, pixels: Uint8Array): Uint8Array {
    if (this.#hasRoom) this.#remembered.set(index, pixels);
    return pixels;
  }
}
