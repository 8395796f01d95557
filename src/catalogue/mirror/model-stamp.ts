import path from 'node:path';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { ModelIdentity } from '../embedding/model-file.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';

/** The stamp of a store that holds a model's embeddings. @param distance default: the model's own. */
export function modelStamp(
  { id, path: file, metadata, precision }: ModelIdentity,
  distance?: SearchDistanceName,
): StoreStamp {
  return {
    modelId: id,
    modelName: path.resolve(file),
    dimension: metadata.dimension,
    distance: distance ?? metadata.distance,
    preprocessing: JSON.stringify(metadata.preprocessing),
    ...(precision === 'bfloat16' ? { precision } : {}),
  };
}
