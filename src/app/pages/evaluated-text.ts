import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';
import { percent } from '../../foundation/text/percent.ts';

/** Classes below which figures speak of these classes rather than of others. */
export const fewClasses = 30;

/** What a figure of held-out pictures is about: how many classes, queries, and pictures to find them among. */
export type Judged = {
  readonly pictures: number;
  readonly classes: number;
  readonly queries: number;
  /** Pictures that each query is searched among. */
  readonly gallery: number;
};

/** The counts of a report; undefined of one on triplets, which have no gallery. */
export function evaluatedOf(report: EvaluationReport | TripletReport): Judged | undefined {
  if (!('classes' in report)) return undefined;
  const { images, classes, queries, gallery } = report;
  return { pictures: images, classes, queries, gallery: gallery ?? Math.max(0, images - 1) };
}

/** What was judged, in a few words: `140 pictures of 20 classes`, `18 triplets of 5 queries`. */
export function evaluatedName(report: EvaluationReport | TripletReport): string {
  if (!('classes' in report)) return `${report.triplets} triplets of ${report.queries} queries`;
  return `${report.images} pictures of ${report.classes} classes`;
}

/** The same with what is to be known beside a figure, as sentences. */
export function evaluatedText(report: EvaluationReport | TripletReport): string {
  const judged = evaluatedOf(report);
  if (judged === undefined) return `${evaluatedName(report)}.`;
  const { queries, gallery, classes } = judged;
  const few =
    classes < fewClasses
      ? ` ${classes} classes are few: intervals of so few are rough, and among more pictures every figure is lower.`
      : ' Among more pictures every figure is lower.';
  return `${evaluatedName(report)}: ${queries} queries, each searched among ${gallery} others.${few}`;
}

/**
 * What the pictures reached that were searched among themselves while training, in a few words, where the final figure is of more
 * pictures: that one is lower, and not because anything went wrong.
 */
export function amongThemselves(
  final: EvaluationReport | TripletReport | undefined,
  whileTraining: EvaluationReport | TripletReport | undefined,
): string | undefined {
  if (final === undefined || whileTraining === undefined || !('classes' in final) || !('classes' in whileTraining)) {
    return undefined;
  }
  const [own, alone] = [evaluatedOf(final)!.gallery, evaluatedOf(whileTraining)!.gallery];
  if (own === alone) return undefined;
  const { recallAt1, mapAtR } = whileTraining.measures;
  const recall = recallAt1 === undefined ? '' : `Recall@1 ${percent(recallAt1.value)}, `;
  return `while training they were searched among themselves, ${alone} others: ${recall}MAP@R ${percent(mapAtR.value)}`;
}
