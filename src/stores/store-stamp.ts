import { z } from 'zod';
import { searchDistanceNames } from '../distances/search-distance-by-name.ts';

/** Schema of a `StoreStamp`, for stores that keep it as JSON. */
export const storeStampSchema = z.object({
  modelId: z.string(),
  modelName: z.string(),
  dimension: z.int().positive(),
  distance: z.enum(searchDistanceNames),
  preprocessing: z.string(),
});

/**
 * What the vectors of a store are: written once, when the store is made. Vectors of two models, or of one model after two
 * ways of resizing, cannot be compared, so a store takes and answers vectors of its own stamp only.
 */
export type StoreStamp = Readonly<z.infer<typeof storeStampSchema>>;

/**
 * @throws if a store made with one stamp is opened with another: names the store, both models and what to do. The model's
 * name is for people: two copies of one model file are the same model.
 *
 * @param anyDistance take the stored distance, whatever the wanted one is.
 */
export function checkStamp(uri: string, stored: StoreStamp, wanted: StoreStamp, anyDistance = false): void {
  if (stored.modelId !== wanted.modelId) {
    throw new Error(
      `the store '${uri}' was made with another model: '${stored.modelName}' (SHA-256 ${short(stored.modelId)}), ` +
        `not '${wanted.modelName}' (SHA-256 ${short(wanted.modelId)}): use that model, or index into another store`,
    );
  }
  for (const key of ['dimension', 'distance', 'preprocessing'] as const) {
    if (key === 'distance' && anyDistance) continue;
    if (stored[key] !== wanted[key]) {
      throw new Error(
        `the store '${uri}' was made with ${key} ${stored[key]}, ${key === 'distance' ? 'not' : `the model '${wanted.modelName}' has`} ${wanted[key]}: ` +
          'index into another store',
      );
    }
  }
}

function short(id: string): string {
  return id.slice(0, 12);
}
