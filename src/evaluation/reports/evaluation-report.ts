import { z } from 'zod';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { resampledUnits } from '../intervals/bootstrap-measures.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);

/** A mean over queries, as a share of 1, and the ends of its confidence interval. */
export const measuredValueSchema = z.strictObject({ value: share, low: share, high: share });

/** What intervals are over: what a bootstrap draws (see `bootstrapMeasures`), or as many other classes (see `meansOfOtherClasses`). */
export const intervalsOver = [...resampledUnits, 'other-classes'] as const;
/** One of `intervalsOver`. */
export type IntervalsOver = (typeof intervalsOver)[number];

/** How the intervals were made; over queries in files that do not say it. */
export const intervalsSchema = z.strictObject({
  level: share,
  resamples: count,
  over: z.enum(intervalsOver).default('queries'),
});

/** What images were compared by; Euclidean in files that do not say it. */
const distance = z.enum(searchDistanceNames).default('euclidean');

/**
 * What `evaluateEmbeddings` found. `images` and `classes` are those that were judged. Counts say what the means are over; `measures` has `rPrecision`, `mapAtR`,
 * `similarityPrecision`, and `recallAt1`, `precisionAt1` and so on for each K that was asked for.
 */
export const evaluationReportSchema = z.strictObject({
  images: count,
  classes: count,
  dimension: count,
  distance,
  /** Images that were queries in the retrieval measures. */
  queries: count,
  /** Images that could not be, having no other of their class in the gallery. They were in the gallery of the others. */
  queriesWithoutRelevant: count,
  /** Images that each query was searched among, itself not counted; null in files that do not say it: all `images` but one. */
  gallery: count.nullable().default(null),
  /** Random triplets behind the similarity precision. */
  triplets: count,
  seed: z.int(),
  intervals: intervalsSchema,
  measures: z
    .object({
      rPrecision: measuredValueSchema,
      mapAtR: measuredValueSchema,
      similarityPrecision: measuredValueSchema,
    })
    .catchall(measuredValueSchema),
});

/** What `evaluateTriplets` found. */
export const tripletReportSchema = z.strictObject({
  triplets: count,
  /** Different images among the queries. */
  queries: count,
  dimension: count,
  distance,
  seed: z.int(),
  intervals: intervalsSchema,
  /** Where categories are known, also `inClassPrecision`, over triplets whose negative is of the query's, and `outOfClassPrecision`. */
  measures: z.object({ similarityPrecision: measuredValueSchema }).catchall(measuredValueSchema),
  /** Correctly minus incorrectly ranked triplets of those that count, see `scoreAtTopK`; null where it was not asked for. */
  scoreAtTopK: z
    .strictObject({ k: count, value: z.number(), low: z.number(), high: z.number(), counted: count })
    .nullable()
    .default(null),
});

/** A measure's value, from 0 to 1, with the ends of its interval. */
export type MeasuredValue = z.infer<typeof measuredValueSchema>;
/** All retrieval measures of one embedding. */
export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
/** How one embedding ranks triplets. */
export type TripletReport = z.infer<typeof tripletReportSchema>;
