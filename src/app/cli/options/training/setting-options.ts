import { z } from 'zod';
import { augmentationNames, augmentationPresets } from '../../../../pictures/augmentation/augmentation.ts';
import type { Setting } from '../../../../training/configuration/settings/define-setting.ts';
import type { OptionGroup, SettingOption } from '../../../../training/configuration/settings/setting-option.ts';
import type { TrainingChoices } from '../../../../training/configuration/training-choices.ts';
import { checkedTrainingChoices } from '../../../../training/configuration/training-choices-schema.ts';
import { type OptionDefinition, optionKey } from '../../command.ts';
import { inFlags, settingFlag } from '../../output/in-flags.ts';
import { duration, namedNumbers, oneOf } from '../option-values.ts';
import { presetDefaults } from './preset-defaults.ts';
import { typedValue } from './typed-value.ts';

/** Settings of a run by name. */
type Settings = Readonly<Record<string, Setting>>;

/** How the values are typed of which the schema does not say it. */
const typedOtherwise: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['seconds', duration()],
  ['lossSettings', namedNumbers()],
  ['augmentation', oneOf(augmentationNames).transform((name) => augmentationPresets[name])],
]);

/** The options of those settings that have one, of one heading or all, in the order of the table. */
export function settingOptions(settings: Settings, group?: OptionGroup): OptionDefinition[] {
  return withOption(settings).flatMap(([name, setting, option]) => {
    if (group !== undefined && option.group !== group) return [];
    const { aliases = [], elsewhere = [], help } = option;
    return {
      flags: flagsOf(name, option),
      ...(aliases.length === 0 ? {} : { aliases: aliases.map(hyphened) }),
      ...(elsewhere.length === 0 ? {} : { elsewhere: elsewhere.map(hyphened) }),
      description: `${inFlags(help)}${defaultOf(setting)}`,
    };
  });
}

/** What those options hold: the choices that were typed; one that is left out says nothing. */
export function typedSettings(settings: Settings): z.ZodType<{ readonly choices: TrainingChoices }> {
  const options = withOption(settings).map(([name, { schema }, option]) => {
    const typed = typedOtherwise.get(name) ?? typedValue(schema, option.valuesElsewhere);
    return { name, key: optionKey(flagsOf(name, option)), typed: typed.optional(), flag: option.flag ?? true };
  });
  return z.object(Object.fromEntries(options.map(({ key, typed }) => [key, typed]))).transform((values) => {
    const said = options.filter(({ key, flag }) => {
      const value = values[key];
      return typeof value === 'boolean' ? value === flag : value !== undefined;
    });
    return { choices: checkedTrainingChoices(Object.fromEntries(said.map(({ name, key }) => [name, values[key]]))) };
  });
}

function withOption(settings: Settings): (readonly [name: string, Setting, SettingOption])[] {
  return Object.entries(settings).flatMap(([name, setting]) =>
    setting.option === undefined ? [] : [[name, setting, setting.option] as const],
  );
}

function flagsOf(name: string, { value, flag = true }: SettingOption): string {
  return `--${flag ? '' : 'no-'}${settingFlag(name)}${value === undefined ? '' : ` <${value}>`}`;
}

const hyphened = (name: string) => `${name.length === 1 ? '-' : '--'}${name}`;

/**
 * What counts where an option is left out, for the end of its description. It is the library's: a command passes on only what
 * was typed, so that a resumed run can tell another choice from none.
 */
function defaultOf({ usual, byPreset }: Setting): string {
  if (byPreset !== undefined) return presetDefaults(byPreset);
  return usual === undefined ? '' : ` (default: ${usual})`;
}
