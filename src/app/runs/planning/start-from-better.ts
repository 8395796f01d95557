import type { EvaluationReport } from '../../../evaluation/reports/evaluation-report.ts';
import { untrainedNames } from '../untrained/untrained-tables.ts';
import type { StrongStartPlan } from './plan-strong-start.ts';

/**
 * The start from the packaged model in place of one from a named network, where folds say that the packaged model as it comes
 * finds more than all that was made of the network, by more than the standard error over classes; so that whoever names a
 * network is not worse off than without. Of the two starts the one that finds more is taken, and says why.
 *
 * @param fromPackaged chooses a start from the packaged model, on the same pictures.
 */
export async function startFromBetter(
  first: StrongStartPlan,
  fromPackaged: () => Promise<StrongStartPlan>,
): Promise<StrongStartPlan> {
  if (!first.start.better.includes(untrainedNames.packaged)) return first;
  const second = await fromPackaged();
  const [of, from] = [first, second].map(({ start }) => found(start.report));
  const figures = `${percent(from)} with it, ${percent(of)} with the network that was named`;
  if (from <= of) {
    return withReason(first, `network: the one that was named, though the packaged model is near (${figures})`);
  }
  return withReason(second, `network: the packaged model, for it finds more of these pictures (${figures})`);
}

/** Recall@1 and MAP@R together, by which starts are chosen. */
const found = ({ measures }: EvaluationReport): number => measures['recallAt1'].value + measures['mapAtR'].value;
const percent = (score: number): string => (100 * score).toFixed(1);

function withReason({ training, start }: StrongStartPlan, reason: string): StrongStartPlan {
  const reasons = [reason, ...start.start.reasons];
  const { config } = training;
  return {
    start: { ...start, start: { ...start.start, reasons } },
    training: { ...training, config: { ...config, start: { ...config.start!, reasons } } },
  };
}
