import type { ModelIdentity } from '../embedding/model-file.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';

/** The stamp of a store that holds a model's embeddings. */
export function modelStamp({ id, path, metadata }: ModelIdentity): StoreStamp {
  return {
    modelId: id,
    modelName: path,
    dimension: metadata.dimension,
    distance: metadata.distance,
    preprocessing: JSON.stringify(metadata.preprocessing),
  };
}
