import { mean } from '../../foundation/numbers/mean.ts';
import { lossTable } from '../../ranking/losses/loss-table.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { StepLine } from '../loop/training-log.ts';
import type { Finding } from './finding.ts';

/** Share of active triplets below which most of a step is wasted. */
const few = 0.02;
/** Share of the run so far that is looked at, and the steps before which nothing is said. */
const window = 0.3;
const earliestStep = 50;

/**
 * Too few active triplets: triplets that are drawn before the batch have become easy, so that most of each step teaches
 * nothing.
 *
 * Criterion: over the last 30% of the run so far, after 50 steps, fewer than 2% of the triplets were active. Only for a hinge on
 * triplets that are drawn beforehand: a miner finds what there is to find, and a soft margin pushes every triplet. Where the
 * gap was dead from the start, that is the finding.
 */
export function findFewActiveTriplets(config: TrainingConfig, steps: readonly StepLine[]): Finding | undefined {
  const { loss, batch } = config;
  const last = steps.at(-1);
  if (batch.kind !== 'triplets' || lossTable.of(loss).deadGap(loss) === undefined) return undefined;
  if (last === undefined || last.step < earliestStep || steps[0].activeShare < few) return undefined;
  const recent = steps.filter(({ step }) => step > (1 - window) * last.step);
  const activeShare = mean(recent.map((line) => line.activeShare));
  if (activeShare >= few) return undefined;
  const perStep = activeShare * batch.triplets;
  return {
    kind: 'few-active-triplets',
    title: 'Too few active triplets',
    seen: `From step ${recent[0].step} to ${last.step} ${(100 * activeShare).toFixed(1)}% of the triplets were active, ${perStep.toFixed(1)} of ${batch.triplets} a step; in the beginning it was ${Math.round(100 * steps[0].activeShare)}%.`,
    meaning:
      'Random triplets have become easy: nearly all of the work of a step has no gradient. That is so, too, where everything has been learnt.',
    remedy:
      "If the measures on held-out pictures are not good enough yet, go on with harder negatives: choices.loss: 'semi-hard', choices.loss: 'supcon', choices.loss: 'hinge' with choices.miner: 'distance-weighted', or choices.sampler: 'relevance' with a smaller choices.outOfClass; else use fewer steps.",
    numbers: { step: last.step, activeShare, triplets: batch.triplets, activeShareAtFirst: steps[0].activeShare },
    images: [],
  };
}
