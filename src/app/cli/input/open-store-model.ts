import path from 'node:path';
import type { LoadModelOptions } from '../../../catalogue/embedding/load-model-options.ts';
import type { ModelIdentity } from '../../../catalogue/embedding/model-file.ts';
import type { StoreStamp } from '../../../catalogue/stores/store-stamp.ts';
import type { VectorStore } from '../../../catalogue/stores/vector-store.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import { type OpenedModel, openChosenModel, openModel } from './open-model.ts';
import { type ChosenModel, resolveModel, runModel } from './resolve-model.ts';

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
  const { asStoreWasMade } = await import('../../../catalogue/mirror/as-store-was-made.ts');
  const stamp = await kindOfStore(store).stampAt(store);
  const loading = asStoreWasMade(options, stamp);
  if (given !== undefined || stamp === undefined) return openModel(given, loading);
  return openChosenModel(await modelThatMade(store, stamp), loading);
}

/** What is known of the model of a store, chosen as `openStoreModel` does: nothing is computed, and no engine opened. */
export async function readStoreModel(
  { uri, stamp }: Pick<VectorStore, 'uri' | 'stamp'>,
  given: string | undefined,
): Promise<{ readonly model: ModelIdentity; readonly chosen: ChosenModel }> {
  const chosen = given === undefined ? await modelThatMade(uri, stamp) : await resolveModel(given);
  const { readModel } = await import('../../../catalogue/embedding/model-file.ts');
  const { bytes: _, decoded: __, ...model } = await readModel(chosen.path);
  return { model, chosen };
}

async function modelThatMade(store: string, stamp: StoreStamp): Promise<ChosenModel> {
  const { modelOfStore } = await import('../../../catalogue/mirror/model-of-store.ts');
  const found = await modelOfStore(store, stamp, [runModel('.'), packagedModel]);
  const relative = path.relative('', found);
  return { path: relative.startsWith('..') ? found : relative, origin: 'store' };
}
