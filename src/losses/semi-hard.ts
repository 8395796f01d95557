import type { Distance } from '../distances/distance.ts';
import {
  add,
  cast,
  div,
  gather,
  greater,
  indicator,
  lengthOf,
  less,
  max,
  mul,
  neg,
  reduceSum,
  relu,
  reshape,
  sub,
  unsqueeze,
  where,
} from '../graph/operations.ts';
import type { Value } from '../graph/value.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { labelsFeed, rowRelations } from './class-rows.ts';
import { checkGap } from './gap.ts';
import type { RankingLoss } from './loss.ts';

const farAway = 1e9;

/** Graph inputs that list the ordered (query, positive) pairs of a batch, and which of the listed ones count. */
const queriesInput = 'pair_queries';
const positivesInput = 'pair_positives';
const weightsInput = 'pair_weights';

/**
 * The hinge over semi-hard triplets mined in the batch: for every ordered pair (q, p) of a class, n is the closest negative
 * that is farther from q than p is; where there is none, the farthest negative. `mean over pairs of
 * max(0, g + D(q, p) - D(q, n))`. Choosing n has no gradient; the distances have.
 *
 * Shapes: embedding [B, D]; labels [B] with at most `imagesPerClass` equal ones, so that there are at most
 * `B (imagesPerClass - 1)` pairs; a row of B distances is looked at for each pair, never B^3 of them. Ties: the first row.
 * A batch with no pair, or with no negative, has loss 0. Active: pairs whose term is above 0. Collapsed: g.
 * Source: Schroff et al. 2015 (FaceNet), section 3.2.
 */
export function semiHard(gap: number, distance: Distance, imagesPerClass: number): RankingLoss {
  checkGap(gap, distance);
  return {
    name: 'semi-hard',
    batch: 'classes',
    separable: false,
    collapsedValue: gap,
    build(embedding) {
      const { graph, type } = embedding;
      const rows = lengthOf(embedding, 0);
      const pairs = rows * (imagesPerClass - 1);
      const { negative } = rowRelations(embedding);
      const queries = graph.input(queriesInput, 'int64', [pairs]);
      const positives = graph.input(positivesInput, 'int64', [pairs]);
      const weights = graph.input(weightsInput, 'float32', [pairs]);
      const weight = cast(weights, type);

      const distances = distance.pairwise(embedding, embedding);
      const flat = reshape(distances, [rows * rows]);
      const rowStart = mul(queries, rows);
      const toPositive = gather(flat, add(rowStart, positives));

      const fromQuery = gather(distances, queries);
      const isNegative = gather(negative, queries);
      const farther = mul(isNegative, indicator(greater(fromQuery, unsqueeze(toPositive, [1])), fromQuery));
      const closest = where(greater(farther, 0), neg(fromQuery), -farAway);
      const farthest = where(greater(isNegative, 0), fromQuery, -farAway);
      const semiHardExists = less(0, reduceSum(farther, [1]));
      const chosen = where(semiHardExists, argMax(closest), argMax(farthest));
      const toNegative = gather(flat, add(rowStart, chosen));

      const hasNegative = indicator(less(0, reduceSum(isNegative, [1])), fromQuery);
      const counted = mul(weight, hasNegative);
      const terms = mul(relu(add(sub(toPositive, toNegative), gap)), counted);
      const count = max(reduceSum(counted), 1);
      return {
        loss: div(reduceSum(terms), count),
        activeShare: div(reduceSum(indicator(greater(terms, 0), terms)), count),
      };
    },
    feeds: (labels) => ({ ...labelsFeed(labels), ...pairFeeds(labels, imagesPerClass) }),
  };
}

function argMax(x: Value): Value {
  return x.graph.apply('ArgMax', [x], { axis: 1, keepdims: 0 })[0];
}

/** Every ordered pair of different rows with the same label; places that are left over count nothing. */
function pairFeeds(labels: readonly number[], imagesPerClass: number): Record<string, Tensor> {
  const capacity = labels.length * (imagesPerClass - 1);
  const queries = new BigInt64Array(capacity);
  const positives = new BigInt64Array(capacity);
  const weights = new Float32Array(capacity);
  let count = 0;
  for (const [query, label] of labels.entries()) {
    for (const [positive, other] of labels.entries()) {
      if (positive === query || other !== label) continue;
      if (count === capacity) {
        throw new Error(`a class has more than ${imagesPerClass} rows in a batch of ${labels.length}: label ${label}`);
      }
      queries[count] = BigInt(query);
      positives[count] = BigInt(positive);
      weights[count] = 1;
      count++;
    }
  }
  return {
    [queriesInput]: tensor('int64', [capacity], queries),
    [positivesInput]: tensor('int64', [capacity], positives),
    [weightsInput]: tensor('float32', [capacity], weights),
  };
}
