import { mean } from '../../foundation/numbers/mean.ts';
import { lossTable } from '../../ranking/losses/loss-table.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { StepLine } from '../loop/training-log.ts';
import type { Finding } from './finding.ts';

/** Steps from the start that are looked at. */
const firstSteps = 10;
/** Share of active terms below which there is nothing to learn. */
const nearlyNone = 0.01;

/**
 * Dead gap: from the first steps on nearly every triplet satisfies the gap already, so that the loss has no slope and the
 * weights stay as they were drawn.
 *
 * Criterion: over the first 10 steps or more fewer than 1% of the terms are active; for a loss whose one maximum is taken over
 * the batch, a loss below 1% of its gap. Only for losses that have no gradient where nothing is active (see `deadGap` of
 * `LossDescription`).
 */
export function findDeadGap({ loss, batch }: TrainingConfig, steps: readonly StepLine[]): Finding | undefined {
  const enough = steps.findIndex(({ step }) => step >= firstSteps);
  if (enough < 0) return undefined;
  const first = steps.slice(0, enough + 1);
  const activeShare = mean(first.map((line) => line.activeShare));
  const meanLoss = mean(first.map((line) => line.loss));
  const remedy = lossTable.of(loss).deadGap(loss);
  if (remedy === undefined) return undefined;
  const { larger, lossBelow } = remedy;
  if (lossBelow === undefined ? activeShare >= nearlyNone : meanLoss >= lossBelow) return undefined;
  const { step } = first[first.length - 1];
  const drawn = batch.kind === 'triplets';
  const harder =
    remedy.harder ??
    (drawn
      ? "negatives that are harder: choices.loss: 'semi-hard', or choices.loss: 'hinge' with choices.miner: 'distance-weighted'"
      : 'classes that are more alike');
  return {
    kind: 'dead-gap',
    title: 'Dead gap',
    seen: `Over the first ${step} steps ${(100 * activeShare).toFixed(1)}% of the ${drawn ? 'triplets' : 'mined terms'} were active and the loss was ${meanLoss.toPrecision(2)}.`,
    meaning:
      'Nearly every negative is farther than its positive by the gap before anything has been learnt, so there is no gradient and the weights stay nearly as they were drawn.',
    remedy: `Start again with ${larger}, or with ${harder}.`,
    numbers: { step, activeShare, loss: meanLoss, ...('gap' in loss ? { gap: loss.gap } : {}) },
    images: [],
  };
}
