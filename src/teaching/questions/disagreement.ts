import { mean } from '../../foundation/numbers/mean.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import type { HeadEmbeddings } from '../head/taught-head.ts';

/** A question of three pictures by their places. */
export interface PlacedPair {
  readonly query: number;
  readonly left: number;
  readonly right: number;
}

/**
 * How much an answer to each question would tell, by what several embeddings of the same pictures say of it: the information
 * about which of them is right, or, of one embedding alone, how unsure it is.
 *
 * Formula: `p_m = 1 / (1 + exp((D_m(q, left) - D_m(q, right)) / (t s_m)))`, D squared Euclidean, s_m the root mean square of the
 * differences of embedding m over all questions, t = 0.3; `H(mean p) - mean H(p)`, H the entropy in bits; `H(p)` for one.
 * Source: Houlsby et al. 2011 (BALD); a committee: Seung, Opper and Sompolinsky 1992.
 *
 * @param embeddings at least one, a row a picture.
 */
export function informationOf(questions: readonly PlacedPair[], embeddings: readonly HeadEmbeddings[]): Float64Array {
  const opinions = embeddings.map((table) => opinionsOf(questions, table));
  return Float64Array.from(questions, (_, question) => {
    const ps = opinions.map((opinion) => opinion[question]);
    const average = mean(ps);
    if (ps.length === 1) return entropy(average);
    return entropy(average) - mean(ps.map(entropy));
  });
}

const temperature = 0.3;

/** How likely the left picture is more like the query, to one embedding. */
function opinionsOf(questions: readonly PlacedPair[], { data, dimension }: HeadEmbeddings): Float64Array {
  const row = (picture: number) => data.subarray(picture * dimension, (picture + 1) * dimension);
  const differences = Float64Array.from(
    questions,
    ({ query, left, right }) =>
      squaredEuclidean.between(row(query), row(left)) - squaredEuclidean.between(row(query), row(right)),
  );
  const scale = temperature * Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / questions.length);
  return differences.map((difference) => (scale === 0 ? 0.5 : 1 / (1 + Math.exp(difference / scale))));
}

/** Of a coin, in bits. */
function entropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}
