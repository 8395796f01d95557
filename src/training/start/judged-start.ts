import type { MeanWithInterval } from '../../evaluation/intervals/bootstrap.ts';
import { bootstrapMeasures } from '../../evaluation/intervals/bootstrap-measures.ts';
import type { JudgedStart } from '../configuration/start-config.ts';
import type { JudgedRows } from './judge-rows.ts';

/** Measures of queries that were put together from folds, and the class of each query. */
export interface JudgedQueries {
  readonly measures: ReadonlyMap<string, Float64Array>;
  readonly labels: readonly number[];
}

/** The queries of all folds together. @param labels the class of each picture; `rows` are the pictures of a fold's embeddings. */
export function queriesOf(
  folds: readonly { readonly rows: readonly number[]; readonly judged: JudgedRows }[],
  labels: ArrayLike<number>,
): JudgedQueries {
  const [first] = folds;
  const measures = new Map(
    [...first.judged.measures.keys()].map((name) => [
      name,
      Float64Array.from(folds.flatMap(({ judged }) => [...judged.measures.get(name)!])),
    ]),
  );
  return { measures, labels: folds.flatMap(({ rows, judged }) => judged.queries.map((query) => labels[rows[query]])) };
}

/** Every measure with its interval over whole classes. */
export function measuresOf({ measures, labels }: JudgedQueries, seed: number): Record<string, MeanWithInterval> {
  const classes = Int32Array.from(labels);
  const columns = [...measures.values()].map((values) => ({ values, classes }));
  const means = bootstrapMeasures(columns, { seed, over: 'classes' });
  return Object.fromEntries([...measures.keys()].map((name, index) => [name, means[index]]));
}

/** One line of what was judged. */
export function judgedStart(name: string, queries: JudgedQueries, seed: number): JudgedStart {
  const { recallAt1, mapAtR } = measuresOf(queries, seed);
  return { name, recallAt1, mapAtR };
}
