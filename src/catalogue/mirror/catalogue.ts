import { text, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { splitPart } from '../../pictures/datasets/dataset-part.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { Metadata, MetadataField } from '../metadata/metadata.ts';
import { readSidecar } from '../metadata/sidecar.ts';
import { folderOfStore } from '../stores/store-place.ts';
import type {
  ImageFilter,
  OpenStoreOptions,
  StoredImage,
  VectorStore,
  VectorStoreKind,
  WriteOptions,
} from '../stores/vector-store.ts';
import { type TuneOptions, type TuneReport, tuneRules, tuneStore } from '../tuning/tune-store.ts';
import {
  addRules,
  type CatalogueAddOptions,
  type CatalogueImage,
  type CatalogueIndexOptions,
  type CatalogueSearchOptions,
  type CatalogueWatchOptions,
  idList,
  imageId,
  indexRules,
  searchRules,
  watchRules,
  writeRules,
} from './catalogue-options.ts';
import { pathOf, readSource } from './catalogue-source.ts';
import { checkedFilter } from './checked-filter.ts';
import { datasetAt } from './dataset-at.ts';
import { type AddReport, addImages } from './indexing/add-images.ts';
import { indexImages, previewIndex } from './indexing/index-images.ts';
import type { IndexOptions, IndexReport } from './indexing/index-report.ts';
import { putThumbnail } from './indexing/keep-thumbnails.ts';
import { rowOfImage } from './indexing/put-image.ts';
import { modelStamp } from './model-stamp.ts';
import type { SearchQuery } from './query-vector.ts';
import { type FoundImage, searchImages } from './search-images.ts';
import { type WatchEvent, watchImages } from './watch/watch-images.ts';

/** A store of images with the model that embeds them. */
export class Catalogue {
  readonly uri: string;
  readonly embedder: Embedder;
  readonly #stores: VectorStoreKind;
  readonly #ownsEmbedder: boolean;
  readonly #wanted: SearchDistanceName | undefined;
  #opening: Promise<VectorStore> | undefined;
  #closed = false;

  constructor(
    uri: string,
    stores: VectorStoreKind,
    embedder: Embedder,
    ownsEmbedder: boolean,
    distance?: SearchDistanceName,
  ) {
    this.uri = uri;
    this.embedder = embedder;
    this.#stores = stores;
    this.#ownsEmbedder = ownsEmbedder;
    this.#wanted = distance;
  }

  /**
   * Makes the store mirror the images at a path (any layout that `loadDataset` knows); see `indexImages`. The store is made
   * if there is none. Waits while another task writes the store; searching goes on meanwhile.
   *
   * @throws if there are no images there, the store was made by another model, or it mirrors another place.
   */
  async index(images: string, options: CatalogueIndexOptions = {}): Promise<IndexReport> {
    checkArgument(images, text('the path of images'), 'images');
    checkOptions(options, indexRules);
    throwIfAborted(options.signal);
    return this.#mirror(images, options);
  }

  /**
   * Makes the store mirror the images at a path, as `index` does, and goes on with that while they change, until the signal is
   * aborted or the loop over the events is left: `for await (const event of catalogue.watch('pictures')) …`. A file that is being
   * written is waited for. See `watchImages`.
   *
   * @throws as `index` does; AbortError when the signal is aborted.
   */
  watch(images: string, options: CatalogueWatchOptions = {}): AsyncGenerator<WatchEvent, void, undefined> {
    checkArgument(images, text('the path of images'), 'images');
    checkOptions(options, watchRules);
    this.#requireOpen();
    const { settle, every, poll, moved = false, ...given } = options;
    const store = folderOfStore(this.uri);
    return watchImages({
      ...{ settle, every, poll, signal: given.signal },
      place: splitPart(images).path,
      ignore: store === undefined ? [] : [store],
      files: given.metadata === undefined ? [images] : [images, given.metadata],
      // Only the first look may find the images in another place.
      index: (how, first) => this.#mirror(images, { ...given, ...how, moved: moved && first }),
    });
  }

  async #mirror(images: string, options: CatalogueIndexOptions & Pick<IndexOptions, 'leave'>): Promise<IndexReport> {
    this.#requireOpen();
    const dataset = () => loadDataset(images);
    // No store is made for images that are not there.
    const isNew = (await this.#stores.stampAt(this.uri)) === undefined;
    const listed = isNew ? await dataset() : undefined;
    if (listed !== undefined && options.dryRun) {
      const sidecar = options.metadata === undefined ? undefined : await readSidecar(options.metadata);
      return previewIndex({ ...options, dataset: async () => listed }, [], sidecar);
    }
    const { onWait, signal } = options;
    const store = await this.#open({ create: true, onWait, signal });
    return indexImages({ ...options, dataset, store, embedder: this.embedder, part: splitPart(images).part });
  }

  /**
   * Adds the images at a path, any layout that `loadDataset` knows or a single file, to those that are there; see `addImages`.
   * The store is made if there is none.
   *
   * @throws if there are no images there, or the store mirrors an image of such a name.
   */
  async add(images: string, options: CatalogueAddOptions = {}): Promise<AddReport> {
    checkArgument(images, text('the path of images'), 'images');
    checkOptions(options, addRules);
    throwIfAborted(options.signal);
    this.#requireOpen();
    const { prefix = '', onWait, signal } = options;
    const dataset = () => datasetAt(images);
    // No store is made for images that are not there.
    await dataset();
    const store = await this.#open({ create: true, onWait, signal });
    return addImages({ ...options, prefix, dataset, store, embedder: this.embedder });
  }

  /**
   * Adds one image, or replaces the one of that name, with all that was known of it. `index` leaves it alone, unless the folder
   * that it mirrors has an image of that name. The store is made if there is none.
   *
   * @param id what the image is called in the store: an article's number, a path.
   * @param metadata what is to be known of it; every store keeps texts, numbers, true or false, dates and lists of texts.
   * @throws UnreadableImageError if the image cannot be decoded; UsageError if the metadata are none.
   */
  async put(id: string, image: ImageArgument, metadata?: Metadata, options: WriteOptions = {}): Promise<void> {
    checkArgument(id, imageId, 'id');
    checkOptions(options, writeRules);
    throwIfAborted(options.signal);
    this.#requireOpen();
    const row = await rowOfImage(this.embedder, id, image, metadata);
    const store = await this.#open({ create: true, ...options });
    await store.write(async (writer) => {
      // Before the row: what a killed process leaves is a thumbnail too many, which `index` clears up.
      await putThumbnail(store, row.contentHash, image);
      await writer.put([row]);
    }, options);
  }

  /**
   * The small picture that the store keeps of an image, a WebP file of at most 320 pixels a side; undefined where it keeps none, or has
   * no such image. See `CatalogueIndexOptions.thumbnails`.
   */
  async thumbnail(id: string): Promise<Uint8Array | undefined> {
    checkArgument(id, text('the id of an image'), 'id');
    const store = await this.#open({ create: false });
    const [image] = await store.images({ only: [id] });
    const thumbnails = image === undefined ? undefined : await store.thumbnails();
    if (image === undefined || thumbnails === undefined) return undefined;
    await using _ = thumbnails;
    return thumbnails.read(image.contentHash);
  }

  /**
   * Removes images by their names; those that are not there are passed over. An image whose file is in the mirrored folder is
   * there again after the next `index`.
   *
   * @returns how many were removed.
   */
  async remove(ids: readonly string[], options: WriteOptions = {}): Promise<number> {
    checkArgument(ids, idList, 'ids');
    checkOptions(options, writeRules);
    const store = await this.#open({ create: false });
    return store.write(async (writer) => {
      const there = (await store.images({ only: ids })).map(({ id }) => id);
      await writer.remove(there);
      return there.length;
    }, options);
  }

  /** The images in it without their vectors, in code-unit order of their names. @throws if there is no store yet. */
  async images(filter: string | ImageFilter = {}): Promise<StoredImage[]> {
    const checked = checkedFilter(filter, 'filter');
    return (await this.#open({ create: false })).images(checked);
  }

  /** The fields that its images may have, by which it can be filtered. @throws if there is no store yet. */
  async fields(): Promise<MetadataField[]> {
    return (await this.#open({ create: false })).fields();
  }

  /**
   * The images most like a query, nearest first: a picture (a path, a file URL, bytes or pixels), an image of the store
   * (`{ id }`) or a vector (`{ vector }`); of several the mean. See `searchImages`.
   *
   * @param options how many images to find, and which; or a number of images. Default: the 10 nearest of all.
   * @throws if there is no store yet, it was made by another model, it is empty, or a picture cannot be decoded.
   */
  async search(
    query: SearchQuery | readonly SearchQuery[],
    options: number | CatalogueSearchOptions = {},
    filter?: string | ImageFilter,
  ): Promise<FoundImage[]> {
    const chosen = typeof options === 'number' ? { k: options, filter } : options;
    if (typeof options === 'number') checkArgument(options, wholeNumber(1), 'k');
    checkOptions(chosen, searchRules);
    const { k = 10, filter: narrowed = {}, ...rest } = chosen;
    const checked = checkedFilter(narrowed, 'filter');
    const store = await this.#open({ create: false });
    return searchImages({ ...rest, embedder: this.embedder, store, query, k, filter: checked });
  }

  /**
   * Measures what approximate indexes find of the nearest images, and keeps the quickest that finds the share that is asked; see
   * `tuneStore`. Searches use it from then on.
   *
   * @throws if there is no store yet, or it is empty.
   */
  async tune(options: TuneOptions = {}): Promise<TuneReport> {
    checkOptions(options, tuneRules);
    return tuneStore(await this.#open({ create: false }), options);
  }

  /** True if something was indexed into its store. */
  async exists(): Promise<boolean> {
    this.#requireOpen();
    return (await this.#stores.stampAt(this.uri)) !== undefined;
  }

  /** The image of an id; undefined if the store has none. @throws if there is no store yet. */
  async find(id: string): Promise<CatalogueImage | undefined> {
    checkArgument(id, text('the id of an image'), 'id');
    const store = await this.#open({ create: false });
    const [image] = await store.images({ only: [id] });
    return image === undefined ? undefined : { ...image, path: pathOf(await readSource(store), image) };
  }

  /** What its store compares images by. @throws if there is no store yet. */
  async distance(): Promise<SearchDistanceName> {
    return (await this.#open({ create: false })).stamp.distance;
  }

  /** How many images are in it. @throws if there is no store yet. */
  async count(): Promise<number> {
    return (await this.#open({ create: false })).count();
  }

  /** Releases the store and the model. */
  async close(): Promise<void> {
    this.#closed = true;
    const store = await this.#opening?.catch(() => undefined);
    await store?.close();
    if (this.#ownsEmbedder) await this.embedder.close();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #requireOpen(): void {
    if (this.#closed) throw new StoreError(`the catalogue '${this.uri}' is closed: open it again`);
  }

  /** The store, opened once; after a failure the next caller tries again. */
  async #open(options: OpenStoreOptions): Promise<VectorStore> {
    this.#requireOpen();
    const before = this.#opening;
    const open = async () => {
      const opened = await before?.catch(() => undefined);
      const stamp = modelStamp(this.embedder.model, this.#wanted);
      return opened ?? this.#stores.open(this.uri, stamp, { ...options, anyDistance: this.#wanted === undefined });
    };
    this.#opening = open();
    return this.#opening;
  }
}
