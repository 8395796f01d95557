import { knownName } from '../../foundation/arguments/known-name.ts';
import { lossTable } from '../../ranking/losses/loss-table.ts';
import { minerNames } from '../../ranking/losses/miners/miner.ts';
import { networkConfigSchema } from '../../ranking/networks/network-config.ts';
import { presetNames } from './presets.ts';
import type { TrainingChoices } from './training-choices.ts';
import { optimizerConfigSchema, scheduleSchema, trainingConfigSchema } from './training-config.ts';

const kindsOf = (options: readonly { readonly shape: { readonly kind: { readonly value: string } } }[]) =>
  options.map(({ shape }) => shape.kind.value);

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
  ['optimizer', kindsOf(optimizerConfigSchema.options)],
  ['schedule', scheduleSchema.shape.kind.options],
  ['provider', trainingConfigSchema.shape.engine.shape.provider.options],
]);

/** @throws if a choice is no name that there is, with all that there are, and the nearest. */
export function checkChoiceNames(choices: TrainingChoices): void {
  for (const [choice, names] of namesOf) {
    if (choices[choice] !== undefined) knownName(choices[choice], names, choice);
  }
}
