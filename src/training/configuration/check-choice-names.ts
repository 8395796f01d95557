import { knownName } from '../../foundation/arguments/known-name.ts';
import { lossTable } from '../../ranking/losses/loss-table.ts';
import { minerNames } from '../../ranking/losses/miners/miner.ts';
import { networkConfigSchema } from '../../ranking/networks/network-config.ts';
import { optimizerNames } from '../../ranking/optimizers/optimizer-table.ts';
import { presetNames } from './presets.ts';
import type { TrainingChoices } from './training-choices.ts';
import { scheduleSchema, trainingConfigSchema } from './training-config.ts';

/** The choices that are one of several names, and these names. */
const namesOf: ReadonlyMap<keyof TrainingChoices, readonly string[]> = new Map<
  keyof TrainingChoices,
  readonly string[]
>([
  ['preset', presetNames],
  ['backbone', networkConfigSchema.shape.backbone.options],
  ['paths', networkConfigSchema.shape.paths.options],
  ['loss', lossTable.ranking.map(({ name }) => name)],
  ['miner', minerNames],
  ['sampler', ['uniform', 'relevance']],
  ['distance', ['euclidean', 'squared-euclidean']],
  ['optimizer', optimizerNames],
  ['schedule', scheduleSchema.shape.kind.options],
  ['provider', trainingConfigSchema.shape.engine.shape.provider.options],
]);

/** @throws if a choice is no name that there is, with all that there are, and the nearest. */
export function checkChoiceNames(choices: TrainingChoices): void {
  for (const [choice, names] of namesOf) {
    if (choices[choice] !== undefined) knownName(choices[choice], names, choice);
  }
}
