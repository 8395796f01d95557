import { alternatives } from '../../foundation/text/alternatives.ts';
import {
  type OptimizerConfig,
  optimizerConfigSchema,
  optimizerTable,
} from '../../ranking/optimizers/optimizer-table.ts';
import { parsedChoice } from './parsed-choice.ts';
import { refuseChoices } from './refuse-choices.ts';
import type { TrainingChoices } from './training-choices.ts';

/**
 * Completes a user's choice of optimiser by the preset's, or, of another one, by its own defaults.
 *
 * @throws if an option was given that the optimiser does not take, naming both.
 */
export function chooseOptimizer(choices: TrainingChoices, preset: OptimizerConfig): OptimizerConfig {
  const kind = choices.optimizer ?? preset.kind;
  const { options, defaults, refuses } = optimizerTable.of({ kind });
  const known = new Set(optimizerTable.all.flatMap((one) => one.options));
  const chosen = Object.entries(choices).filter(([option, value]) => known.has(option) && value !== undefined);
  for (const [option, value] of chosen) {
    if (options.includes(option)) continue;
    const able = optimizerTable.all.filter((one) => one.options.includes(option));
    const use = alternatives(able.map(({ name }) => `'${name}'`));
    const why = `${kind} ${refuses ?? `has no ${option}`}; use choices.optimizer: ${use}, or leave it out`;
    refuseChoices({ [option]: value }, why);
  }
  const settings = kind === preset.kind ? preset : { kind, ...defaults };
  return parsedChoice(optimizerConfigSchema, { ...settings, ...Object.fromEntries(chosen) }, 'optimizer');
}
