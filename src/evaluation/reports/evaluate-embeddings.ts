import { oneOf, optional, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { bootstrapMeasures, type ResampledUnit, resampledUnits } from '../intervals/bootstrap-measures.ts';
import { type EvaluationReport, evaluationReportSchema } from './evaluation-report.ts';
import { type MeasureOptions, type MeasuresByQuery, measured, measureRules } from './measures-by-query.ts';

/** Embeddings and classes to measure, and how the intervals of the means are drawn. */
export interface EvaluateEmbeddingsOptions extends MeasureOptions {
  /** How often the bootstrap draws the queries anew. Default: 1000. */
  readonly resamples?: number;
  /** What the bootstrap draws: single queries, or whole classes (see `bootstrapMeasures`). Default: `queries`. */
  readonly over?: ResampledUnit;
}

const level = 0.95;

/**
 * Judges embeddings by how well near means alike. Every image is a query, all other images are the gallery, images of the
 * same class are relevant; with `queries` only those are asked, still among all others. The distance is Euclidean unless another is asked for. An image alone in its class has nothing
 * to find: it is in the gallery, but no query, and the report says how many there are. Similarity precision is taken over
 * random triplets that give every class the same weight, see `classUniformTriplets`.
 *
 * It asks nothing about where embeddings come from: another model's, or raw pixels, are judged the same way.
 *
 * @throws if the numbers are not one row an image, a number is not finite, there are fewer than two classes, or no class
 * has two images.
 */
export async function evaluateEmbeddings(options: EvaluateEmbeddingsOptions): Promise<EvaluationReport> {
  checkOptions(options, {
    ...measureRules,
    resamples: optional(wholeNumber(1)),
    over: optional(oneOf(resampledUnits)),
  });
  return reportOf(await measured(options), options);
}

/** The report of measures that were taken with these options. */
function reportOf(
  { images, classes, gallery, queries, triplets, measures }: MeasuresByQuery,
  { dimension, distance = 'euclidean', seed = 0, resamples = 1000, over = 'queries' }: EvaluateEmbeddingsOptions,
): EvaluationReport {
  const means = bootstrapMeasures([...measures.values()], { seed, resamples, level, over });
  return evaluationReportSchema.parse({
    images,
    classes,
    dimension,
    distance,
    queries,
    queriesWithoutRelevant: images - queries,
    gallery,
    triplets,
    seed,
    intervals: { level, resamples, over },
    measures: Object.fromEntries([...measures.keys()].map((name, m) => [name, means[m]])),
  });
}
