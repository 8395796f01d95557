import type { z } from 'zod';
import { batchSettings } from './batch-settings.ts';
import { defineSetting, type Setting } from './define-setting.ts';
import { lossSettings } from './loss-settings.ts';
import { machineSettings } from './machine-settings.ts';
import { networkSettings } from './network-settings.ts';
import { optimizerSettings } from './optimizer-settings.ts';
import { plainNames, plainSettings } from './plain-settings.ts';
import { runSettings } from './run-settings.ts';
import { samplerSettings } from './sampler-settings.ts';

type PlainSettings = {
  readonly [Name in keyof typeof plainSettings]: Setting<(typeof plainSettings)[Name]['schema']>;
};

/** The settings that are a key of the configuration, as settings among the others. */
const plain = Object.fromEntries(
  plainNames.map((name) => {
    const { schema, usual, byPreset = false, auto = false, option } = plainSettings[name];
    const setting = defineSetting<z.ZodType>({
      schema,
      auto,
      option,
      ...(byPreset ? { byPreset: (preset) => preset[name] ?? usual ?? 'none' } : usual === null ? {} : { usual }),
      startedWith: (config) => config[name] ?? 'none',
    });
    return [name, setting];
  }),
) as PlainSettings;

/** Everything that a user may decide of a run, by name, in the order of the help. */
export const trainingSettings: typeof runSettings &
  typeof networkSettings &
  typeof lossSettings &
  typeof samplerSettings &
  typeof batchSettings &
  typeof optimizerSettings &
  PlainSettings &
  typeof machineSettings = {
  ...runSettings,
  ...networkSettings,
  ...lossSettings,
  ...samplerSettings,
  ...batchSettings,
  ...optimizerSettings,
  ...plain,
  ...machineSettings,
};

/** The name of something that a user may decide. */
export type SettingName = keyof typeof trainingSettings;
