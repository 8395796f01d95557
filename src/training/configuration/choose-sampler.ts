import { alternatives } from '../../foundation/text/alternatives.ts';
import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { samplerOptions } from '../../ranking/triplets/samplers/define-sampler.ts';
import {
  type SamplerConfig,
  samplerConfigSchema,
  samplerTable,
  usualSampler,
} from '../../ranking/triplets/samplers/sampler-table.ts';
import type { TripletOrigin } from './choose-loss.ts';
import { lossBatchKind } from './loss-batch-kind.ts';
import { parsedChoice } from './parsed-choice.ts';
import { refuseChoices } from './refuse-choices.ts';
import type { TrainingChoices } from './training-choices.ts';

/** The loss that a chosen sampler's triplets are learnt with where a preset's mines its own in batches of classes. */
const tripletLoss = { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' } as const;

/** The preset's loss, or a hinge where a sampler of triplets was chosen and the preset's loss takes no triplets. */
export function usualLoss({ sampler = usualSampler.name, miner }: TrainingChoices, preset: LossConfig): LossConfig {
  if (sampler === usualSampler.name || miner !== undefined) return preset;
  return lossBatchKind(preset) === 'triplets' ? preset : tripletLoss;
}

/**
 * Completes a user's choice of sampler by its own defaults. By default triplets are uniform, and there is nothing to configure:
 * undefined.
 *
 * @throws if an option is given that the sampler does not take, or is out of bounds; or if a sampler was chosen and the loss
 * takes no triplets, or triplets were listed.
 */
export function chooseSampler(
  choices: TrainingChoices,
  loss: LossConfig,
  origin: TripletOrigin,
): SamplerConfig | undefined {
  const sampler = samplerTable.of({ kind: choices.sampler ?? usualSampler.name });
  for (const option of samplerOptions) {
    if (sampler.options.includes(option)) continue;
    const use = alternatives(
      samplerTable.all.filter(({ options }) => options.includes(option)).map(({ name }) => `'${name}'`),
    );
    const why = `${sampler.words.drawn}: add choices.sampler: ${use}, or leave it out`;
    refuseChoices({ [option]: choices[option] }, why);
  }
  if (sampler.name === usualSampler.name) return undefined;
  const given = { sampler: sampler.name };
  if (origin === 'listed')
    refuseChoices(given, 'the triplets are listed already: leave it out, or give images of classes');
  if (lossBatchKind(loss) !== 'triplets') {
    const named = `the loss ${loss.kind}${'miner' in loss ? ` with choices.miner` : ''}`;
    refuseChoices(
      given,
      `${named} finds its triplets in batches of classes: use choices.loss: 'hinge' or 'soft-margin' without a miner`,
    );
  }
  return parsedChoice(samplerConfigSchema, sampler.configure(choices), 'sampler');
}
