import type { EngineChoice, PrecisionChoice } from './engine-choices.ts';
import type { PresetName } from './presets.ts';
import type { TrainingConfig } from './training-config.ts';

/**
 * What a training takes where nobody chose: by the library and on the command line alike. Everything else that is left out is
 * the preset's, or as `plainSettings` has it.
 */
export const trainingDefaults = {
  preset: 'auto',
  /** Seconds that choosing a start may take, the features of pictures not counted. */
  startSeconds: 300,
  /** Share kept from training to judge it by. */
  heldOut: 0.1,
  threads: 2,
  provider: 'cpu',
  engine: 'auto',
  precision: 'auto',
  /** Bytes of decoded pixels that are remembered in memory, and beyond those on disk. */
  cacheBytes: 1e9,
  diskCacheBytes: 1e10,
} as const satisfies {
  readonly preset: PresetName;
  readonly startSeconds: number;
  readonly heldOut: number;
  readonly threads: number;
  readonly provider: TrainingConfig['engine']['provider'];
  readonly engine: EngineChoice;
  readonly precision: PrecisionChoice;
  readonly cacheBytes: number;
  readonly diskCacheBytes: number;
};
