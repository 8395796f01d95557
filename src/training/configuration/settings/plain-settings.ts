import { z } from 'zod';
import { definePlainSetting } from './define-plain-setting.ts';

const positive = z.number().positive();

/** The settings that are a key of the configuration each, under the same name. */
export const plainSettings = {
  /** Decides everything that is random. Default: 0. */
  seed: definePlainSetting({
    config: z.int().min(0),
    schema: z.int().min(0),
    usual: 0,
    auto: true,
    option: { group: 'Everyday', value: 'n', help: 'decides everything that is random' },
  }),
  /** Evaluations without a better MAP@R before the run stops. Default: it runs to its end. */
  patience: definePlainSetting({
    config: z.int().min(1).max(1_000_000_000).nullable(),
    schema: z.int().min(1).max(1_000_000_000),
    usual: null,
    option: {
      group: 'Everyday',
      value: 'n',
      elsewhere: ['early-stopping'],
      help: 'stop after this many evaluations without a better one; the best is the model',
    },
  }),
  /** The peak, before the schedule. Default: the preset's. */
  learningRate: definePlainSetting({
    config: positive,
    schema: positive,
    usual: 0.001,
    byPreset: true,
    option: { group: 'Optimiser', value: 'rate', aliases: ['lr'], help: 'its peak' },
  }),
  /** PyTorch's number, on weights only; in AdamW decoupled. Twice the paper's lambda. Default: the preset's. */
  weightDecay: definePlainSetting({
    config: z.number().min(0),
    schema: z.number().min(0),
    usual: 0,
    byPreset: true,
    option: {
      group: 'Optimiser',
      value: 'd',
      elsewhere: ['wd', 'l2'],
      help: "on weights only, as PyTorch counts it: twice the paper's lambda",
    },
  }),
  /** Largest global norm of a step's gradients; in a configuration null for no clipping. Default: no clipping. */
  clipNorm: definePlainSetting({
    config: positive.nullable(),
    schema: positive,
    usual: null,
    byPreset: true,
    option: {
      group: 'Optimiser',
      value: 'norm',
      elsewhere: ['grad-clip', 'gradient-clip', 'max-grad-norm'],
      help: "largest norm of a step's gradient",
    },
  }),
};

type PlainSettings = typeof plainSettings;
/** A setting that is a key of the configuration. */
export type PlainName = keyof PlainSettings;
/** Their schemas in the configuration, by name. */
type PlainShape = { readonly [Name in PlainName]: PlainSettings[Name]['config'] };

/** The names, in the order of the table. */
export const plainNames = Object.keys(plainSettings) as readonly PlainName[];

/** Their schemas, as a configuration spreads them. */
export const plainShape = Object.fromEntries(
  plainNames.map((name) => [name, plainSettings[name].config]),
) as PlainShape;

/** All of them, as a configuration has them. */
export type PlainConfig = z.infer<z.ZodObject<PlainShape>>;

/** What a user may choose of them. */
type PlainChoices = { readonly [Name in PlainName]?: PlainConfig[Name] | undefined };

/** All plain settings of a run: what was chosen, else the preset's, else the usual. */
export function plainConfig(chosen: PlainChoices, preset: Partial<PlainConfig>): PlainConfig {
  const values = plainNames.map((name) => [name, chosen[name] ?? preset[name] ?? plainSettings[name].usual]);
  return z.strictObject(plainShape).parse(Object.fromEntries(values));
}
