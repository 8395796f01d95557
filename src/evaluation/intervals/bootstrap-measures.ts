import { type BootstrapOptions, bootstrapMeans, type MeanWithInterval } from './bootstrap.ts';

/** One measure, query by query: the measure is the mean of `values`, each counted `weights` times (default: once). */
export interface QueryMeasure {
  readonly values: Float64Array;
  readonly weights?: Float64Array;
  /** The class of each query, where there are classes: what a bootstrap over classes draws. */
  readonly classes?: Int32Array;
}

/** What a bootstrap draws anew. */
export const resampledUnits = ['queries', 'classes'] as const;
/** Single queries, or whole classes with all of their queries. */
export type ResampledUnit = (typeof resampledUnits)[number];

/** How measures are resampled. */
export interface BootstrapMeasuresOptions extends Omit<BootstrapOptions, 'weights'> {
  /**
   * `classes` draws whole classes, each with all of its queries: pictures of a class are alike, so that this interval is the wider
   * and the more honest one where the question is what other classes would give. A measure without classes is drawn by queries.
   * Default: `queries`.
   */
  readonly over?: ResampledUnit;
}

/**
 * The mean of each measure with its bootstrap interval, see `bootstrapMeans`. Measures that share one array of weights, or
 * have none, are resampled together, so that drawing the queries is paid for once.
 *
 * Over classes the mean of a draw is that of all queries of the drawn classes: `sum n_c m_c / sum n_c` with the queries `n_c` (or
 * their weight) and the mean `m_c` of each class. Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 8
 * (more general structures).
 *
 * @throws if a measure has no queries.
 */
export function bootstrapMeasures(
  measures: readonly QueryMeasure[],
  { over = 'queries', ...options }: BootstrapMeasuresOptions,
): MeanWithInterval[] {
  const groups = new Map<Float64Array | undefined, number[]>();
  for (const [place, { weights }] of measures.entries()) {
    const group = groups.get(weights);
    if (group === undefined) groups.set(weights, [place]);
    else group.push(place);
  }
  const means = new Array<MeanWithInterval>(measures.length);
  for (const [weights, places] of groups) {
    const { classes } = measures[places[0]];
    const columns = places.map((place) => measures[place].values);
    const drawn =
      over === 'classes' && classes !== undefined ? ofClasses(columns, classes, weights) : { columns, weights };
    const found = bootstrapMeans(
      drawn.columns,
      drawn.weights === undefined ? options : { ...options, weights: drawn.weights },
    );
    for (const [index, place] of places.entries()) means[place] = found[index];
  }
  return means;
}

/** Means of each class instead of the values of its queries, and what the class weighs. */
function ofClasses(columns: readonly Float64Array[], classes: Int32Array, weights: Float64Array | undefined) {
  const places = new Map<number, number>();
  for (const label of classes) if (!places.has(label)) places.set(label, places.size);
  const total = new Float64Array(places.size);
  const sums = columns.map(() => new Float64Array(places.size));
  for (const [query, label] of classes.entries()) {
    const place = places.get(label)!;
    const weight = weights?.[query] ?? 1;
    total[place] += weight;
    for (const [c, column] of columns.entries()) sums[c][place] += weight * column[query];
  }
  return { columns: sums.map((sum) => sum.map((value, place) => value / total[place])), weights: total };
}
