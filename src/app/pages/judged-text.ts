import type { EvaluationReport, TripletReport } from '../../evaluation/reports/evaluation-report.ts';

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
export function judgedOf(report: EvaluationReport | TripletReport): Judged | undefined {
  if (!('classes' in report)) return undefined;
  const { images, classes, queries } = report;
  return { pictures: images, classes, queries, gallery: Math.max(0, images - 1) };
}

/** What was judged, in a few words: `140 pictures of 20 classes`, `18 triplets of 5 queries`. */
export function judgedName(report: EvaluationReport | TripletReport): string {
  if (!('classes' in report)) return `${report.triplets} triplets of ${report.queries} queries`;
  return `${report.images} pictures of ${report.classes} classes`;
}

/** The same with what is to be known beside a figure, as sentences. */
export function judgedText(report: EvaluationReport | TripletReport): string {
  const judged = judgedOf(report);
  if (judged === undefined) return `${judgedName(report)}.`;
  const { queries, gallery, classes } = judged;
  const few =
    classes < fewClasses
      ? ` ${classes} classes are few: the intervals are about these classes, and among more pictures every figure is lower.`
      : ' Among more pictures every figure is lower.';
  return `${judgedName(report)}: ${queries} queries, each searched among ${gallery} others.${few}`;
}
