import type { EvaluationReport } from '../../evaluation/reports/evaluation-report.ts';
import type { StartConfig } from '../configuration/start-config.ts';
import type { Finding } from './finding.ts';
import { measureText } from './share-text.ts';

/** How far from the figure as many other classes may be before it is said that the figure says little of them. */
const told = 0.15;

/** What to do. */
const remedy =
  "Judge the model by pictures of classes that were kept aside ('lookalike evaluate' of their folder). Or train on more classes: each one tells more than further pictures of those that are there.";

/**
 * Few classes: what folds say of classes that were not learnt says little of others, for those that there are differ much, or are few.
 *
 * Criterion: as many other classes may have a Recall@1 that is more than 15 points away, with 95%; see `meansOfOtherClasses`. Of fewer
 * than four classes there is no figure, which is said where new classes are to be searched for.
 *
 * @param report what the run says of itself.
 * @param start what was expected of the start that it is of, and what folds said of new classes.
 */
export function findFewClasses(
  { classes, intervals, measures }: EvaluationReport,
  { expect, newClasses }: Pick<StartConfig, 'expect' | 'newClasses'>,
): Finding | undefined {
  if (expect === 'known-classes') return undefined;
  const finding = { kind: 'few-classes' as const, title: 'Few classes', remedy, images: [] };
  if (newClasses.length === 0) {
    return {
      ...finding,
      seen: `Pictures of ${classes} classes make no folds in which classes are held out: the figures are of new pictures of these.`,
      meaning: 'How well the model finds pictures of other classes is not known.',
      numbers: { classes },
    };
  }
  const { recallAt1 } = measures;
  if (intervals.over !== 'other-classes' || recallAt1 === undefined) return undefined;
  const { value, low, high } = recallAt1;
  if (value - low <= told && high - value <= told) return undefined;
  return {
    ...finding,
    seen: `Folds find Recall@1 ${measureText(value)} of ${classes} classes; of as many other classes it is between ${measureText(low)} and ${measureText(high)}, with 95%.`,
    meaning: 'How well the model finds classes that are not among these pictures is not known any better than this.',
    numbers: { classes, recallAt1: value, low, high },
  };
}
