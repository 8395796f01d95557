import path from 'node:path';
import type { LoadModelOptions } from '../../../catalogue/embedding/load-model-options.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import { type OpenedModel, openChosenModel, openModel } from './open-model.ts';
import { runModel } from './resolve-model.ts';

/**
 * Loads the model for a store: the given one, or else the one that the store was made with, or else, where there is no store,
 * the one that any command would use.
 *
 * @throws if no model is given and that of the store is not where it was.
 */
export async function openStoreModel(
  store: string,
  given: string | undefined,
  options: LoadModelOptions = {},
): Promise<OpenedModel> {
  const { kindOfStore } = await import('../../../catalogue/stores/store-kinds.ts');
  const { inStoresPrecision } = await import('../../../catalogue/mirror/in-stores-precision.ts');
  const stamp = await kindOfStore(store).stampAt(store);
  const loading = inStoresPrecision(options, stamp);
  if (given !== undefined || stamp === undefined) return openModel(given, loading);
  const { modelOfStore } = await import('../../../catalogue/mirror/model-of-store.ts');
  const found = await modelOfStore(store, stamp, [runModel('.'), packagedModel]);
  const relative = path.relative('', found);
  return openChosenModel({ path: relative.startsWith('..') ? found : relative, origin: 'store' }, loading);
}
