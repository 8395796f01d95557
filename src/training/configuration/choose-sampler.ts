import type { LossConfig } from '../../ranking/losses/loss-table.ts';
import { parseRelevance } from '../../ranking/relevance/relevance-config.ts';
import { checkedImportanceOptions } from '../../ranking/triplets/samplers/importance-options.ts';
import type { TripletOrigin } from './choose-loss.ts';
import { lossBatchKind } from './loss-batch-kind.ts';
import { refuseChoices } from './refuse-choices.ts';
import { importanceOptionsOf, type SamplerConfig } from './sampler-config.ts';
import type { TrainingChoices } from './training-choices.ts';

/** The loss that relevance sampling is learnt with where a preset's mines its triplets in batches of classes. */
const tripletLoss = { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' } as const;

/** The preset's loss, or a hinge where triplets are sampled by relevance and the preset's loss takes no triplets. */
export function usualLoss({ sampler, miner }: TrainingChoices, preset: LossConfig): LossConfig {
  if (sampler !== 'relevance' || miner !== undefined) return preset;
  return lossBatchKind(preset) === 'triplets' ? preset : tripletLoss;
}

/**
 * Completes a user's choice of sampler. By default triplets are uniform, and there is nothing to configure: undefined.
 * Relevance sampling: relevance by labels, the class's first level as category, out-of-class share 0.2, margin 0.05, no
 * limit, buffers of 100, 10 failures.
 *
 * @throws if an option of relevance sampling is given without it, or is out of bounds; or if the loss takes no triplets, or
 * triplets were listed.
 */
export function chooseSampler(
  choices: TrainingChoices,
  loss: LossConfig,
  origin: TripletOrigin,
): SamplerConfig | undefined {
  if (choices.sampler !== 'relevance') {
    const reason = "triplets are drawn uniformly: add choices.sampler: 'relevance', or leave it out";
    const { relevance, outOfClass, relevanceMargin, relevanceLimit, buffer, categoryLevels } = choices;
    refuseChoices({ relevance, outOfClass, relevanceMargin, relevanceLimit, buffer, categoryLevels }, reason);
    return undefined;
  }
  const given = { sampler: 'relevance' };
  if (origin === 'listed')
    refuseChoices(given, 'the triplets are listed already: leave it out, or give images of classes');
  if (lossBatchKind(loss) !== 'triplets') {
    const named = `the loss ${loss.kind}${'miner' in loss ? ` with choices.miner` : ''}`;
    refuseChoices(
      given,
      `${named} finds its triplets in batches of classes: use choices.loss: 'hinge' or 'soft-margin' without a miner`,
    );
  }
  const sampler: SamplerConfig = {
    kind: 'relevance',
    relevance: parseRelevance(choices.relevance ?? 'labels'),
    categoryLevels: choices.categoryLevels ?? 1,
    outOfClass: choices.outOfClass ?? 0.2,
    margin: choices.relevanceMargin ?? 0.05,
    limit: choices.relevanceLimit ?? null,
    buffer: choices.buffer ?? 100,
    maxFailures: 10,
  };
  checkedImportanceOptions(importanceOptionsOf(sampler));
  return sampler;
}
