import type { StoreStamp } from '../../src/catalogue/stores/store-stamp.ts';

/** The stamp of stores that tests make: eight numbers, Euclidean. */
export const stamp: StoreStamp = {
  modelId: 'a'.repeat(64),
  modelName: 'run/model.onnx',
  dimension: 8,
  distance: 'euclidean',
  preprocessing: '{}',
};
