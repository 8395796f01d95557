import type { SearchDistance } from '../../ranking/distances/search-distance.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import type { EmbeddingTable } from '../neighbours/embedding-table.ts';

/** Similarity precision query by query: the measure is the mean of `values`, each counted `weights` times. */
export interface QueryPrecisions {
  /** Share of the query's triplets that are ranked correctly. */
  readonly values: Float64Array;
  /** How many triplets the query has. */
  readonly weights: Float64Array;
  /** The row of each query. */
  readonly queries: Int32Array;
}

/** Similarity precision taken apart by where the negative comes from. */
export interface SplitPrecisions {
  /** Over triplets whose negative is of the query's category. */
  readonly inClass: QueryPrecisions;
  /** Over triplets whose negative is of another category. */
  readonly outOfClass: QueryPrecisions;
}

/** Rows of a table up to which all distances are remembered: 2 MB. */
const mostRemembered = 500;

/**
 * 1 if the query is closer to its positive than to its negative, 0 if it is farther, 1/2 for a tie. Distances are summed
 * in float64, so that only vectors at the very same distance tie; Euclidean and squared Euclidean rank alike. Hamming
 * distances are whole numbers and often tie.
 *
 * @param distance default: squared Euclidean.
 */
export function tripletOutcome(embeddings: EmbeddingTable, triplet: Triplet, distance?: SearchDistance): number {
  return outcome(triplet, distanceOfRows(embeddings, distance));
}

type DistanceOfRows = (one: number, other: number) => number;

function distanceOfRows(
  { data, dimension }: EmbeddingTable,
  distance: SearchDistance = squaredEuclidean,
): DistanceOfRows {
  const row = (image: number) => data.subarray(image * dimension, (image + 1) * dimension);
  return (one, other) => distance.between(row(one), row(other));
}

/** As `distanceOfRows`; of few rows, whose pairs stand in many triplets, each distance is computed once. */
function rememberedDistances(embeddings: EmbeddingTable, distance: SearchDistance | undefined): DistanceOfRows {
  const compute = distanceOfRows(embeddings, distance);
  const rows = embeddings.data.length / embeddings.dimension;
  if (rows > mostRemembered) return compute;
  const known = new Float64Array(rows * rows).fill(Number.NaN);
  return (one, other) => {
    const place = one * rows + other;
    if (Number.isNaN(known[place])) known[place] = compute(one, other);
    return known[place];
  };
}

function outcome({ query, positive, negative }: Triplet, distance: DistanceOfRows): number {
  const toPositive = distance(query, positive);
  const toNegative = distance(query, negative);
  return toPositive < toNegative ? 1 : toPositive > toNegative ? 0 : 0.5;
}

/**
 * Similarity precision: the share of triplets that are ranked correctly, a tie counting one half, taken apart by query in
 * the order in which queries appear. A random embedding gets 1/2, and so does a collapsed one.
 *
 * @param distance default: squared Euclidean.
 *
 * Source: Wang et al. 2014, section 6.2.
 */
export function similarityPrecisions(
  embeddings: EmbeddingTable,
  triplets: Iterable<Triplet>,
  distance?: SearchDistance,
): QueryPrecisions {
  const tallies = new TalliesByQuery();
  const distances = rememberedDistances(embeddings, distance);
  for (const triplet of triplets) tallies.count(triplet.query, outcome(triplet, distances));
  return tallies.precisions();
}

/**
 * Similarity precision of triplets with a negative of the query's category and of the others apart. The first say how well
 * an embedding tells more alike from less alike among like things, the second how well it tells things apart. A kind that
 * no triplet is of has no queries.
 *
 * @param categories the category of each row: `Relevance.categories`, or the number of each image's class.
 * @param distance default: squared Euclidean.
 *
 * Source: Wang et al. 2014, section 5.1, for the two kinds of negatives.
 */
export function splitSimilarityPrecisions(
  embeddings: EmbeddingTable,
  triplets: Iterable<Triplet>,
  categories: ArrayLike<number>,
  distance?: SearchDistance,
): SplitPrecisions {
  const [inClass, outOfClass] = [new TalliesByQuery(), new TalliesByQuery()];
  const distances = rememberedDistances(embeddings, distance);
  for (const triplet of triplets) {
    const tallies = categories[triplet.query] === categories[triplet.negative] ? inClass : outOfClass;
    tallies.count(triplet.query, outcome(triplet, distances));
  }
  return { inClass: inClass.precisions(), outOfClass: outOfClass.precisions() };
}

/** Outcomes summed by query, in the order in which queries appear. */
class TalliesByQuery {
  readonly #tallies = new Map<number, { correct: number; count: number }>();

  count(query: number, outcome: number): void {
    let tally = this.#tallies.get(query);
    if (tally === undefined) {
      tally = { correct: 0, count: 0 };
      this.#tallies.set(query, tally);
    }
    tally.correct += outcome;
    tally.count++;
  }

  precisions(): QueryPrecisions {
    const tallies = [...this.#tallies.values()];
    return {
      values: Float64Array.from(tallies, ({ correct, count }) => correct / count),
      weights: Float64Array.from(tallies, ({ count }) => count),
      queries: Int32Array.from(this.#tallies.keys()),
    };
  }
}
