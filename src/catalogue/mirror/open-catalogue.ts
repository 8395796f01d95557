import {
  arrayOf,
  callback,
  flag,
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  text,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { longWorkRules } from '../../foundation/progress/progress.ts';
import { splitPart } from '../../pictures/datasets/dataset-part.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { Embedder, type LoadModelOptions, loadModel, loadRules } from '../embedding/embedder.ts';
import { lanceDbStores } from '../stores/lancedb-store.ts';
import type { ImageFilter, OpenStoreOptions, VectorStore, VectorStoreKind } from '../stores/vector-store.ts';
import { type IndexOptions, type IndexReport, indexImages } from './index-images.ts';
import { modelOfStore } from './model-of-store.ts';
import { modelStamp } from './model-stamp.ts';
import { type FoundImage, searchImages } from './search-images.ts';

/** The model that a catalogue is searched with, and how its store is opened. */
export interface OpenCatalogueOptions extends LoadModelOptions {
  /**
   * The path of a model file, or an embedder, which stays open when the catalogue is closed. Default: the model that the
   * store was made with, as long as the file that the store names is still that model.
   */
  readonly model?: string | Embedder | undefined;
  /** The kind of store. Default: LanceDB, `storeUri` being a folder. */
  readonly stores?: VectorStoreKind;
  /**
   * What images are compared by. With `hamming` the store keeps sign bits alone. Default: what the store was made with, for
   * a new one the model's own. A store that was made with another is refused.
   */
  readonly distance?: SearchDistanceName;
}

const catalogueRules: OptionRules<OpenCatalogueOptions> = {
  ...loadRules,
  model: optional(
    valueLike(
      'the path of a model or a model that loadModel gave',
      (value) => (typeof value === 'string' && value !== '') || value instanceof Embedder,
    ),
  ),
  stores: optional(objectWith('a kind of store', ['open', 'stampAt'], 'lanceDbStores is one')),
  distance: optional(oneOf(searchDistanceNames)),
};

/** How a catalogue is made to mirror images; see `IndexOptions`. */
export type CatalogueIndexOptions = Pick<IndexOptions, 'moved' | 'recheck' | 'onProgress' | 'onWait' | 'signal'>;

const indexRules: OptionRules<CatalogueIndexOptions> = {
  moved: optional(flag()),
  recheck: optional(flag()),
  ...longWorkRules,
  onWait: optional(callback()),
};

const filterRules: OptionRules<ImageFilter> = {
  prefix: optional(valueLike('a text', (value) => typeof value === 'string')),
  except: optional(
    arrayOf(
      'an array of ids',
      valueLike<string>('an id', (value) => typeof value === 'string'),
    ),
  ),
};

/**
 * Opens a catalogue: images that can be searched by likeness.
 *
 * ```ts
 * const catalogue = await openCatalogue('catalogue.lance', { model: 'run/model.onnx' });
 * await catalogue.index('pictures');
 * for (const { id, distance } of await catalogue.search('query.jpg', 10)) console.log(distance, id);
 * await catalogue.close();
 * ```
 *
 * @param storeUri where the store is or will be: `index` makes it if there is none, `search` does not.
 * @throws if the model cannot be loaded; if none is named and there is no store, or its model is not where it was.
 */
export async function openCatalogue(storeUri: string, options: OpenCatalogueOptions = {}): Promise<Catalogue> {
  checkArgument(storeUri, text('where the store is'), 'storeUri');
  checkOptions(options, catalogueRules);
  const { stores = lanceDbStores, distance, engine, threads, pictureLimits } = options;
  const model = options.model ?? (await storesOwnModel(storeUri, stores));
  if (typeof model !== 'string') return new Catalogue(storeUri, stores, model, false, distance);
  return new Catalogue(storeUri, stores, await loadModel(model, { engine, threads, pictureLimits }), true, distance);
}

async function storesOwnModel(storeUri: string, stores: VectorStoreKind): Promise<string> {
  const stamp = await stores.stampAt(storeUri);
  if (stamp === undefined)
    throw new StoreError(`there is no store at '${storeUri}', which a model is needed to make: name one`);
  return modelOfStore(storeUri, stamp);
}

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
    this.#requireOpen();
    const dataset = () => loadDataset(images);
    // No store is made for images that are not there.
    if ((await this.#stores.stampAt(this.uri)) === undefined) await dataset();
    const { onWait, signal } = options;
    const store = await this.#open({ create: true, onWait, signal });
    return indexImages({ ...options, dataset, store, embedder: this.embedder, part: splitPart(images).part });
  }

  /**
   * The `k` images most like an image (a path, a file URL, bytes or pixels), nearest first; see `searchImages`.
   *
   * @throws if there is no store yet, it was made by another model, it is empty, or the image cannot be decoded.
   */
  async search(query: ImageArgument, k = 10, filter?: ImageFilter): Promise<FoundImage[]> {
    checkArgument(k, wholeNumber(1), 'k');
    if (filter !== undefined) checkOptions(filter, filterRules, 'filter');
    const store = await this.#open({ create: false });
    return searchImages({ embedder: this.embedder, store, query, k, ...(filter === undefined ? {} : { filter }) });
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
