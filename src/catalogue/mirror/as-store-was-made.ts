import type { LoadModelOptions } from '../embedding/load-model-options.ts';
import { decodingOf, type StoreStamp } from '../stores/store-stamp.ts';

/**
 * How a model is loaded for a store: where nothing else was asked for, in the precision of the store's vectors, and with
 * pictures decoded as theirs were.
 *
 * @param stamp of the store; undefined where there is none yet.
 */
export function asStoreWasMade(options: LoadModelOptions, stamp: StoreStamp | undefined): LoadModelOptions {
  if (stamp === undefined) return options;
  const { engine, precision = 'auto', decode = 'auto' } = options;
  const open = engine === undefined || engine === 'auto' || engine === 'onednn';
  return {
    ...options,
    ...(stamp.precision !== undefined && precision === 'auto' && open ? { precision: stamp.precision } : {}),
    ...(decode === 'auto' ? { decode: decodingOf(stamp) } : {}),
  };
}
