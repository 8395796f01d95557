import type { LoadModelOptions } from '../embedding/load-model-options.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';

/**
 * How a model is loaded for a store: where nothing else was asked for, in the precision of the store's vectors.
 *
 * @param stamp of the store; undefined where there is none yet.
 */
export function inStoresPrecision(options: LoadModelOptions, stamp: StoreStamp | undefined): LoadModelOptions {
  const { engine, precision = 'auto' } = options;
  const open = engine === undefined || engine === 'auto' || engine === 'onednn';
  if (stamp?.precision === undefined || precision !== 'auto' || !open) return options;
  return { ...options, precision: stamp.precision };
}
