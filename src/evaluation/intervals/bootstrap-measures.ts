import { type BootstrapOptions, bootstrapMeans, type MeanWithInterval } from './bootstrap.ts';

/** One measure, query by query: the measure is the mean of `values`, each counted `weights` times (default: once). */
export interface QueryMeasure {
  readonly values: Float64Array;
  readonly weights?: Float64Array;
}

/**
 * The mean of each measure with its bootstrap interval, see `bootstrapMeans`. Measures that share one array of weights, or
 * have none, are resampled together, so that drawing the queries is paid for once.
 *
 * @throws if a measure has no queries.
 */
export function bootstrapMeasures(
  measures: readonly QueryMeasure[],
  options: Omit<BootstrapOptions, 'weights'>,
): MeanWithInterval[] {
  const groups = new Map<Float64Array | undefined, number[]>();
  for (const [place, { weights }] of measures.entries()) {
    const group = groups.get(weights);
    if (group === undefined) groups.set(weights, [place]);
    else group.push(place);
  }
  const means = new Array<MeanWithInterval>(measures.length);
  for (const [weights, places] of groups) {
    const columns = places.map((place) => measures[place].values);
    const found = bootstrapMeans(columns, weights === undefined ? options : { ...options, weights });
    for (const [index, place] of places.entries()) means[place] = found[index];
  }
  return means;
}
