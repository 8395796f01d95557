import {
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  text,
  valueLike,
} from '../../foundation/arguments/argument-rule.ts';
import { checkArgument, checkOptions } from '../../foundation/arguments/check-options.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { Embedder, loadModel } from '../embedding/embedder.ts';
import { type LoadModelOptions, loadRules } from '../embedding/load-model-options.ts';
import { kindOfStore } from '../stores/store-kinds.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import type { VectorStoreKind } from '../stores/vector-store.ts';
import { asStoreWasMade } from './as-store-was-made.ts';
import { Catalogue } from './catalogue.ts';
import { modelOfStore } from './model-of-store.ts';

/** The model that a catalogue is searched with, and how its store is opened. */
export interface OpenCatalogueOptions extends LoadModelOptions {
  /**
   * The path of a model file, or an embedder, which stays open when the catalogue is closed. Default: the model that the
   * store was made with, as long as the file that the store names is still that model.
   */
  readonly model?: string | Embedder | undefined;
  /** The kind of store. Default: by `storeUri`: PostgreSQL's for `postgres://…`, else LanceDB's. */
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
  const { stores = kindOfStore(storeUri), distance, model: given, ...loading } = options;
  if (given !== undefined && typeof given !== 'string') return new Catalogue(storeUri, stores, given, false, distance);
  const stamp = await stores.stampAt(storeUri);
  const model = given ?? (await storesOwnModel(storeUri, stamp));
  const embedder = await loadModel(model, asStoreWasMade(loading, stamp));
  return new Catalogue(storeUri, stores, embedder, true, distance);
}

async function storesOwnModel(storeUri: string, stamp: StoreStamp | undefined): Promise<string> {
  if (stamp === undefined)
    throw new StoreError(`there is no store at '${storeUri}', which a model is needed to make: name one`);
  return modelOfStore(storeUri, stamp);
}
