import type { z } from 'zod';
import type { SettingOption } from './setting-option.ts';

/** What is written once about a setting that is a key of the configuration itself. */
export interface PlainSetting<Config extends z.ZodType = z.ZodType, Choice extends z.ZodType = z.ZodType> {
  /** What `config.json` holds. */
  readonly config: Config;
  /** What a user may choose; a configuration may also hold what nobody chooses, such as null for none. */
  readonly schema: Choice;
  /** Where neither the user nor the preset says otherwise. */
  readonly usual: z.output<Config>;
  /** True of one that presets decide. Default: false. */
  readonly byPreset?: boolean;
  /** True of one that the preset `auto` takes. Default: false. */
  readonly auto?: boolean;
  readonly option: SettingOption;
}

/** A plain setting for the table: configuration, choices, presets, resumed runs and the command line go by it. */
export function definePlainSetting<Config extends z.ZodType, Choice extends z.ZodType>(
  setting: PlainSetting<Config, Choice>,
): PlainSetting<Config, Choice> {
  return setting;
}
