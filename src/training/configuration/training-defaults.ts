import type { PresetName } from './presets.ts';
import type { TrainingConfig } from './training-config.ts';

/**
 * What a training takes where nobody chose: by the library and on the command line alike. Everything else that is left out is
 * the preset's.
 */
export const trainingDefaults = {
  preset: 'auto',
  /** Seconds that choosing a start may take, the features of pictures not counted. */
  startSeconds: 300,
  seed: 0,
  /** Share kept from training to judge it by. */
  heldOut: 0.1,
  threads: 2,
  provider: 'cpu',
  /** Bytes of decoded pixels that are remembered in memory, and beyond those on disk. */
  cacheBytes: 1e9,
  diskCacheBytes: 1e10,
} as const satisfies {
  readonly preset: PresetName;
  readonly startSeconds: number;
  readonly seed: number;
  readonly heldOut: number;
  readonly threads: number;
  readonly provider: TrainingConfig['engine']['provider'];
  readonly cacheBytes: number;
  readonly diskCacheBytes: number;
};
