import type { z } from 'zod';
import type { Preset } from '../presets.ts';
import type { TrainingConfig } from '../training-config.ts';
import type { SettingOption } from './setting-option.ts';

/** A path from the root of the file system. */
export type AbsolutePath = (path: string) => string;

/** What is written once about something that a user may decide of a run. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  /** What may be chosen. */
  readonly schema: Schema;
  /** How it is given on the command line. Left out of what is given there in another way. */
  readonly option?: SettingOption;
  /** What counts where nobody chose, for the help. Left out where presets or pictures decide. */
  readonly usual?: z.output<Schema> | string;
  /** What a preset decides of it, for the help; undefined if nothing. Default: presets do not decide it. */
  byPreset?(preset: Preset): string | number | undefined;
  /** True of what the preset `auto` takes; everything else is part of what `auto` decides by folds. Default: false. */
  readonly auto?: boolean;
  /**
   * What a run that is resumed was started with, in the words of the choice that was given. Where the pictures decide, too
   * (rows, epochs), whatever the pictures can have made of the choice counts as the choice.
   *
   * @param absolute of a path that was given, for configurations hold them so.
   */
  startedWith(config: TrainingConfig, given: z.output<Schema>, absolute: AbsolutePath): unknown;
}

/** A setting for the table: choices and their checks, resumed runs and the command line go by it. */
export function defineSetting<Schema extends z.ZodType>(setting: Setting<Schema>): Setting<Schema> {
  return setting;
}
