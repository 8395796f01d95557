import type { MeanWithInterval } from '../../evaluation/intervals/bootstrap.ts';
import { bootstrapMeasures } from '../../evaluation/intervals/bootstrap-measures.ts';
import { meansOfOtherClasses } from '../../evaluation/intervals/other-classes.ts';
import type { EvaluatedStart } from '../configuration/start-config.ts';
import { type PairedGain, pairedGain } from './choosing/paired-gain.ts';
import { type EvaluatedRows, scoresOf } from './evaluate-rows.ts';

/** Measures of queries that were put together from folds, and the picture and the class of each query. */
export interface EvaluatedQueries {
  readonly measures: ReadonlyMap<string, Float64Array>;
  readonly pictures: readonly number[];
  readonly labels: readonly number[];
}

/** The queries of all folds together. @param labels the class of each picture; `rows` are the pictures of a fold's embeddings. */
export function queriesOf(
  folds: readonly { readonly rows: readonly number[]; readonly evaluated: EvaluatedRows }[],
  labels: ArrayLike<number>,
): EvaluatedQueries {
  const [first] = folds;
  const measures = new Map(
    [...first.evaluated.measures.keys()].map((name) => [
      name,
      Float64Array.from(folds.flatMap(({ evaluated }) => [...evaluated.measures.get(name)!])),
    ]),
  );
  const pictures = folds.flatMap(({ rows, evaluated }) => evaluated.queries.map((query) => rows[query]));
  return { measures, pictures, labels: pictures.map((picture) => labels[picture]) };
}

/** What intervals say: how far the mean of these classes may be from that of all, or what as many other classes may show. */
export type EvaluatedOver = 'classes' | 'other-classes';

/**
 * How far what folds say of a head is from what it finds, besides what other classes do: their heads have learnt fewer classes, among
 * which a query is searched for, too, and were chosen by the same pictures. Measured on halves of learnt halves of five sets: 0.1 of
 * `sqrt(m (1 - m))` (docs/training.md).
 */
const foldsDeviation = 0.1;

/** How the intervals of a line are made. */
export interface EvaluatedIntervals {
  readonly seed: number;
  readonly over: EvaluatedOver;
  /** True of a head that has learnt from pictures of the run. */
  readonly learnt: boolean;
}

/** Every measure with its interval. */
export function measuresOf(
  { measures, labels }: EvaluatedQueries,
  { seed, over, learnt }: EvaluatedIntervals,
): Record<string, MeanWithInterval> {
  const columns = [...measures.values()];
  const classes = Int32Array.from(labels);
  const means =
    over === 'other-classes'
      ? meansOfOtherClasses(columns, classes, { seed, deviation: learnt ? foldsDeviation : 0 })
      : bootstrapMeasures(
          columns.map((values) => ({ values, classes })),
          { seed, over },
        );
  return Object.fromEntries([...measures.keys()].map((name, index) => [name, means[index]]));
}

/** How much better the first was than the second at finding the same pictures, by Recall@1 and MAP@R together. */
export function gainOver(first: EvaluatedQueries, second: EvaluatedQueries): PairedGain {
  const scores = scoresOf(first);
  const byPicture = new Map(first.pictures.map((picture, query) => [picture, scores[query]]));
  const ofSame = Float64Array.from(second.pictures, (picture) => byPicture.get(picture)!);
  return pairedGain(ofSame, scoresOf(second), second.labels);
}

/** One line of what was judged. */
export function evaluatedStart(name: string, queries: EvaluatedQueries, intervals: EvaluatedIntervals): EvaluatedStart {
  const { recallAt1, mapAtR } = measuresOf(queries, intervals);
  return { name, recallAt1, mapAtR };
}
