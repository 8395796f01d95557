import { z } from 'zod';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import { adamWOptimizer } from '../../../ranking/optimizers/adamw.ts';
import { optimizerNames, optimizerTable } from '../../../ranking/optimizers/optimizer-table.ts';
import { scheduleNames, scheduleSchema, scheduleTable } from '../../../ranking/optimizers/schedules/schedule-table.ts';
import { sgdOptimizer } from '../../../ranking/optimizers/sgd.ts';
import type { Preset } from '../presets.ts';
import type { TrainingConfig } from '../training-config.ts';
import { defineSetting } from './define-setting.ts';

const { momentum, nesterov } = sgdOptimizer.schema.shape;
const { beta1, beta2, epsilon } = adamWOptimizer.schema.shape;
const group = 'Optimiser';

/** A number of the optimiser, under its own name; undefined if this one has none. */
const numberOf =
  (name: string) =>
  ({ optimizer }: Pick<Preset | TrainingConfig, 'optimizer'>): number | undefined => {
    const value = new Map<string, unknown>(Object.entries(optimizer)).get(name);
    return typeof value === 'number' ? value : undefined;
  };
/** The optimisers that take a setting. */
const takenBy = (name: string) =>
  alternatives(optimizerTable.all.filter(({ options }) => options.includes(name)).map((one) => one.name));
const optimizersElsewhere = Object.fromEntries(
  optimizerTable.all.flatMap(({ name, elsewhere = [] }) => elsewhere.map((other) => [other, name])),
);

/** A number of some optimisers, and its option. */
function optimizerNumber(name: string, schema: z.ZodNumber, value: string, what: string) {
  return defineSetting({
    schema,
    byPreset: numberOf(name),
    option: { group, value, help: `${what} of ${takenBy(name)}` },
    startedWith: (config) => numberOf(name)(config) ?? 'none',
  });
}

/** How weights are updated, and at which rate. */
export const optimizerSettings = {
  /** Default: the preset's. */
  optimizer: defineSetting({
    schema: z.enum(optimizerNames),
    byPreset: ({ optimizer }) => optimizer.kind,
    option: {
      group,
      value: 'name',
      elsewhere: ['optimiser', 'optim'],
      valuesElsewhere: optimizersElsewhere,
      help: alternatives(optimizerNames),
    },
    startedWith: ({ optimizer }) => optimizer.kind,
  }),
  /** Of SGD. Default: 0.9. */
  momentum: optimizerNumber('momentum', momentum, 'm', 'momentum'),
  /** Of SGD: look ahead by one momentum step. Default: the preset's. */
  nesterov: defineSetting({
    schema: nesterov,
    byPreset: ({ optimizer }) => ('nesterov' in optimizer ? (optimizer.nesterov ? "Nesterov's" : 'plain') : undefined),
    option: { group, flag: false, help: 'plain momentum' },
    startedWith: ({ optimizer }) => 'nesterov' in optimizer && optimizer.nesterov,
  }),
  /** Of AdamW: share of the running mean of gradients that a step keeps. Default: 0.9. */
  beta1: optimizerNumber('beta1', beta1, 'share', 'share of the mean gradient that a step keeps'),
  /** Of AdamW: share of the running mean of squared gradients that a step keeps. Default: 0.999. */
  beta2: optimizerNumber('beta2', beta2, 'share', 'share of the mean squared gradient that a step keeps'),
  /** Of AdamW: added to the root of the mean squared gradient. Default: 1e-8. */
  epsilon: optimizerNumber('epsilon', epsilon, 'e', 'what is added to the root of the mean squared gradient'),
  /** `step` multiplies the learning rate by 0.1 after each third of the steps. Default: the preset's. */
  schedule: defineSetting({
    schema: z.enum(scheduleNames),
    byPreset: ({ schedule }) => schedule.kind,
    option: {
      group,
      value: 'kind',
      elsewhere: ['scheduler', 'lr-scheduler', 'lr-schedule'],
      help: alternatives(scheduleTable.all.map(({ words }) => words)),
    },
    startedWith: ({ schedule }) => schedule.kind,
  }),
  /** Share of the steps over which the learning rate rises. Alone it is the whole of the warm-up, however few steps it makes. */
  warmup: defineSetting({
    schema: scheduleSchema.shape.warmup,
    byPreset: ({ schedule }) => schedule.warmup,
    option: {
      group,
      value: 'share',
      elsewhere: ['warmup-ratio', 'warm-up'],
      help: 'share of the steps over which the learning rate rises',
    },
    startedWith: ({ schedule }) => schedule.warmup,
  }),
  /** Steps over which it rises at least, but at most half of all. Default: the preset's, or none where `warmup` is given. */
  warmupSteps: defineSetting({
    schema: scheduleSchema.shape.warmupSteps.unwrap(),
    byPreset: ({ schedule }) => schedule.warmupSteps,
    option: {
      group,
      value: 'n',
      help: 'steps over which it rises at least, but at most half of all; none where choices.warmup is given',
    },
    startedWith: ({ schedule }) => schedule.warmupSteps ?? 0,
  }),
};
