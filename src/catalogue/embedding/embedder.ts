import type { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Engine, Program } from '../../engines/engine.ts';
import {
  type OptionRules,
  objectWith,
  optional,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { givenValue } from '../../foundation/arguments/given-value.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { packagedModel } from '../../foundation/packaged-model.ts';
import { type LongWork, longWorkRules } from '../../foundation/progress/progress.ts';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import { type ImageArgument, imageOf } from '../../pictures/decoding/image-argument.ts';
import { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import { type PartialPictureLimits, pictureLimits } from '../../pictures/decoding/picture-limits.ts';
import { UnreadableImageError } from '../../pictures/decoding/unreadable-image-error.ts';
import { PreparationPool } from '../../pictures/preparation/preparation-pool.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import { equalBatches } from './equal-batches.ts';
import { concatenated, embedInFixedBatches } from './fixed-batches.ts';
import { checkGoldens } from './goldens.ts';
import { type LoadModelOptions, loadRules } from './load-model-options.ts';
import { type ModelIdentity, readModel } from './model-file.ts';
import { withDecoding } from './model-metadata.ts';
import { programOf, unusable } from './model-program.ts';
import { type PreparedSource, preparedSources } from './prepared-sources.ts';
import { SharedBatches } from './shared-batches.ts';

/** What became of one image: its embedding, or why there is none. `index` is its place among the sources. */
export type EmbeddedSource =
  | { readonly index: number; readonly vector: Float32Array }
  | { readonly index: number; readonly unreadable: UnreadableImageError };

/** How many images are embedded at a time, and who hears of it. */
export interface EmbedOptions extends LongWork {
  /** Images decoded at a time. Default: as many as the machine has threads. */
  readonly decodeConcurrency?: number | undefined;
}

const imageList = valueLike<readonly ImageArgument[]>('an array of images', (value) => Array.isArray(value));

/** What options of embedding have to be. */
export const embedRules: OptionRules<EmbedOptions> = {
  ...longWorkRules,
  decodeConcurrency: optional(wholeNumber(1)),
};

/** Checks an argument that has to be a model that is loaded. @throws UsageError if it is none. */
export function checkEmbedder(given: unknown, path: string): void {
  checkArgument(given, objectWith('a model', ['embedImages', 'embedSources'], 'await loadModel(path) gives one'), path);
}

/**
 * Loads a model and checks it on the test pictures that it carries.
 *
 * Without arguments it is the model that the package carries, `packagedModel`: for pictures of any kind. To load that one with
 * options, name it. `undefined` as the path is refused, for it is most often a setting that is missing.
 *
 * @param given the path of a model file or its URL (`file:`), and options; or nothing.
 * @throws UsageError if an argument is wrong; ModelError if the file is not a model of ours, or its embeddings are not what they were when it was written.
 */
export async function loadModel(...given: [] | [path: string | URL, options?: LoadModelOptions]): Promise<Embedder> {
  const [location, options = {}] = given.length === 0 ? [packagedModel] : given;
  const path = modelPath(location);
  checkOptions(options, loadRules);
  pictureLimits(options.pictureLimits);
  const { bytes, decoded, ...read } = await readModel(path);
  const model = { ...read, metadata: withDecoding(read.metadata, options.decode) };
  const { program, owned, precision, remark } = await programOf({ bytes, decoded, ...model }, options);
  const embedder = new Embedder(
    precision === 'float32' ? model : { ...model, precision },
    program,
    owned,
    options.pictureLimits,
    options.preparation,
    remark,
  );
  try {
    await checkGoldens(model.metadata, (pixels) => embedder.embedPixels(pixels), precision);
    return embedder;
  } catch (error) {
    await embedder.close();
    throw unusable(path, error);
  }
}

/** @throws if it is neither a path nor a file URL, saying what was given. */
function modelPath(given: unknown): string {
  if (typeof given === 'string' && given !== '') return given.startsWith('file:') ? fileURLToPath(given) : given;
  if (typeof given === 'object' && given !== null && 'href' in given && `${given.href}`.startsWith('file:')) {
    return fileURLToPath(`${given.href}`);
  }
  throw new UsageError(
    `loadModel takes the path of a model.onnx or its file URL, and was given ${givenValue(given)}; without arguments it ` +
      'loads the model that the package carries',
    { path: 'path', expected: 'the path of a model.onnx or its file URL', value: given },
  );
}

/**
 * A loaded model: pictures to embeddings of unit length. Images go through it in batches of one fixed size, so that on one
 * kind of machine an image always has the same vector, bit for bit, whatever is embedded with it.
 */
export class Embedder {
  readonly model: ModelIdentity;
  readonly #program: Program;
  readonly #owned: Engine | undefined;
  readonly #pools = new Map<number, PreparationPool>();
  readonly #decoder: PictureDecoder;
  readonly #preparation: PreparationPool | undefined;
  readonly #batches: SharedBatches;
  #equal: Promise<readonly number[]> | undefined;
  #closed = false;

  /**
   * @param owned an engine to close with the embedder.
   * @param limits of a picture.
   * @param preparation threads that prepare pictures.
   * @param engineRemark what is to be said of the engine that computes.
   */
  constructor(
    model: ModelIdentity,
    program: Program,
    owned?: Engine,
    limits: PartialPictureLimits = {},
    preparation?: PreparationPool,
    /** What computes it and why, where that was chosen: `computed by oneDNN 3.2.0 (TBB, AVX2), float32, …`. */
    readonly engineRemark?: string,
  ) {
    this.model = model;
    this.#program = program;
    this.#owned = owned;
    this.#decoder = new PictureDecoder(limits);
    this.#preparation = preparation;
    this.#batches = new SharedBatches(model.metadata.embeddingBatch, async (images) => {
      const rows = await this.embedPixels(concatenated(images));
      return images.map((_, row) => rows.slice(row * this.dimension, (row + 1) * this.dimension));
    });
  }

  /** Length of an embedding. */
  get dimension(): number {
    return this.model.metadata.dimension;
  }

  /**
   * Embeds images that are prepared already: n of `height * width * 3` bytes, RGB -> n rows of `dimension` numbers.
   *
   * @throws if `pixels` does not hold whole images, or if the embedder is closed.
   */
  async embedPixels(pixels: Uint8Array): Promise<Float32Array> {
    this.#requireOpen();
    return embedInFixedBatches(this.#program, this.model.metadata, pixels, await this.#equal);
  }

  /**
   * From now on few images go through the network in batches shorter than the model's one, as far as their embeddings have the same bits:
   * that is tried first, see `equalBatches`, which takes the time of two whole batches. For a program that is asked for single images for
   * long, as a service is.
   *
   * @returns the lengths of these batches, ascending; empty where every one has to be whole.
   */
  shortenBatches(): Promise<readonly number[]> {
    this.#requireOpen();
    this.#equal ??= equalBatches(this.#program, this.model.metadata).catch((error: unknown) => {
      this.#equal = undefined;
      throw error;
    });
    return this.#equal;
  }

  /** Embeds one image: a path, a file URL, bytes or pixels. @throws UnreadableImageError if it cannot be decoded. */
  async embedImage(image: ImageArgument): Promise<Float32Array> {
    const [embedding] = await this.embedImages([image]);
    return embedding;
  }

  /**
   * Embeds a few images, decoded all at once; see `embedSources` for many. Calls that overlap share batches.
   *
   * @throws UnreadableImageError of the first, in their order, that cannot be decoded.
   */
  async embedImages(images: readonly ImageArgument[]): Promise<Float32Array[]> {
    checkArgument(images, imageList, 'images');
    this.#requireOpen();
    const prepared = await Promise.allSettled(images.map(async (image) => this.#prepared(await imageOf(image))));
    const pixels = prepared.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    return Promise.all(pixels.map((image) => this.#batches.row(image)));
  }

  /** The input of the network that an image is, made by the threads that were given or else in this one. */
  async #prepared(source: ImageSource | Buffer): Promise<Uint8Array> {
    const { preprocessing } = this.model.metadata;
    const file =
      'kind' in source ? (source.kind === 'file' && source.orPipe !== true ? source.path : undefined) : source;
    if (this.#preparation === undefined || file === undefined) {
      return preprocess(source, preprocessing, { decoder: this.#decoder });
    }
    const [pixels] = await this.#preparation.prepare([file], preprocessing);
    if (pixels instanceof UnreadableImageError) throw pixels;
    return pixels;
  }

  /**
   * Embeds any number of images, decoding ahead while the network runs. Gives one result a source, in the order of the
   * sources; an image that cannot be decoded has its own kind of result, and moves no other.
   */
  async *embedSources(
    sources: Iterable<ImageArgument>,
    options: EmbedOptions = {},
  ): AsyncGenerator<EmbeddedSource, void, undefined> {
    checkOptions(options, embedRules);
    throwIfAborted(options.signal);
    this.#requireOpen();
    const { preprocessing, embeddingBatch } = this.model.metadata;
    const concurrency = options.decodeConcurrency ?? availableParallelism();
    const prepared = preparedSources(sources, {
      rule: preprocessing,
      decoder: this.#decoder,
      concurrency,
      // Enough for every thread to have work while the network has this one.
      ahead: 2 * embeddingBatch + 16 * concurrency,
      ...(this.#preparation !== undefined || PreparationPool.available
        ? { pool: () => this.#threads(concurrency) }
        : {}),
    });
    const total = Array.isArray(sources) ? sources.length : undefined;
    let done = 0;
    for await (const batch of batches(prepared, embeddingBatch)) {
      throwIfAborted(options.signal);
      const pixels = batch.filter((item) => item instanceof Uint8Array);
      const rows = await this.embedPixels(concatenated(pixels));
      let row = 0;
      const first = done;
      done += batch.length;
      options.onProgress?.({ work: 'embedding', unit: 'images', done, total });
      for (const [place, item] of batch.entries()) {
        const index = first + place;
        if (item instanceof UnreadableImageError) yield { index, unreadable: item };
        else yield { index, vector: rows.slice(row * this.dimension, ++row * this.dimension) };
      }
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw new ModelError(`the model '${this.model.path}' is closed: load it again to embed with it`);
  }

  /** The pool of this size. It stays: starting threads takes longer than preparing many pictures. */
  #threads(size: number): PreparationPool {
    if (this.#preparation !== undefined) return this.#preparation;
    const pool = this.#pools.get(size) ?? new PreparationPool(size, this.#decoder.limits);
    this.#pools.set(size, pool);
    return pool;
  }

  /** Releases the model. The embedder must not be used afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    await this.#program.release();
    await this.#owned?.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Groups items so that each group but the last has `size` images that could be decoded. */
async function* batches(items: AsyncIterable<PreparedSource>, size: number): AsyncGenerator<PreparedSource[]> {
  let batch: PreparedSource[] = [];
  let images = 0;
  for await (const item of items) {
    batch.push(item);
    if (item instanceof Uint8Array) images++;
    if (images < size) continue;
    yield batch;
    batch = [];
    images = 0;
  }
  if (batch.length > 0) yield batch;
}
