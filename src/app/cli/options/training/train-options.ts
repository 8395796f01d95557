import { z } from 'zod';
import { backboneNames } from '../../../../ranking/networks/convnets/backbone-table.ts';
import { trainingSettings } from '../../../../training/configuration/settings/training-settings.ts';
import { trainingDefaults } from '../../../../training/configuration/training-defaults.ts';
import { inGroup, type OptionDefinition } from '../../command.ts';
import { byteCount } from '../option-values.ts';
import { pictureLimitInput, pictureLimitOptions } from '../picture-limit-options.ts';
import { backboneInput, backboneName, backboneOptions } from './backbone-options.ts';
import { presetDefaults } from './preset-defaults.ts';
import { settingOptions, typedSettings } from './setting-options.ts';
import { startInput, startOptions } from './start-options.ts';

const everyday: readonly OptionDefinition[] = [
  {
    flags: '-o, --output <folder>',
    elsewhere: ['--out', '--out-dir', '--output-dir', '--save-dir', '--run'],
    description: 'where the run goes',
    default: 'run',
  },
  {
    flags: '--resume',
    elsewhere: ['--continue'],
    description:
      'go on with the run in the output folder; its own configuration counts, and its pictures if none are given',
  },
  ...settingOptions(trainingSettings, 'Everyday'),
];

const network: readonly OptionDefinition[] = [
  {
    flags: '--backbone <name>',
    elsewhere: ['--arch', '--architecture', '--network'],
    description: `${backboneNames.join(', ')}, packaged (the model that comes along), a pretrained network by name (lookalike backbones), or an ONNX file of any network${presetDefaults(({ network: { backbone } }) => backbone)}`,
  },
  ...startOptions,
  ...settingOptions(trainingSettings, 'Network'),
  ...backboneOptions.filter(({ flags }) => !flags.startsWith('--feature-cache')),
];

const machine: readonly OptionDefinition[] = [
  ...settingOptions(trainingSettings, 'Machine'),
  { flags: '--memory <size>', description: 'most that a step may take, such as 4GB: less means slices of the batch' },
  {
    flags: '--cache <size>',
    description: `decoded pixels that are remembered in memory (default: ${gigabytes(trainingDefaults.cacheBytes)})`,
  },
  {
    flags: '--disk-cache <size>',
    description: `decoded pixels beyond those, on disk until the run is done; 0 decodes them each time (default: ${gigabytes(trainingDefaults.diskCacheBytes)})`,
  },
  { flags: '--keep-pixels <folder>', description: 'keep decoded pixels there for later runs on the same pictures' },
  ...backboneOptions.filter(({ flags }) => flags.startsWith('--feature-cache')),
  ...pictureLimitOptions,
];

/** The options of `train`, in groups: what is wanted every day first. */
export const trainOptions: readonly OptionDefinition[] = [
  ...inGroup('Everyday', everyday),
  ...inGroup('Network', network),
  ...inGroup('Loss and sampling', settingOptions(trainingSettings, 'Loss and sampling')),
  ...inGroup('Optimiser', settingOptions(trainingSettings, 'Optimiser')),
  ...inGroup('Machine', machine),
];

/** What these options hold. */
export const trainInput = z
  .object({
    output: z.string(),
    resume: z.boolean().default(false),
    backbone: backboneName(backboneNames).optional(),
    ...startInput,
    ...backboneInput,
    memory: byteCount().optional(),
    cache: byteCount().optional(),
    diskCache: byteCount().optional(),
    keepPixels: z.string().min(1, 'must name a folder').optional(),
    ...pictureLimitInput,
  })
  .and(typedSettings(trainingSettings));

function gigabytes(bytes: number): string {
  return `${bytes / 1e9}GB`;
}
