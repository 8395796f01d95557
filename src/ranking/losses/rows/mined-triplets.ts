import { div, greater, indicator, max, mul, reduceSum, sub } from '../../../graph/builder/operations.ts';
import type { Distance } from '../../distances/distance.ts';
import type { RankingLoss } from '../loss.ts';
import type { TripletMiner } from '../miners/miner.ts';
import { labelsFeed, rowRelations } from './class-rows.ts';
import type { TripletTerm } from './triplet-term.ts';

/**
 * The mean cost of the triplets that a miner finds in a batch of classes. Choosing them has no gradient; their distances
 * have. A miner that takes every triplet is averaged over those whose cost is above 0, as Hermans et al. 2017 do
 * ("batch all, not zero"); the others over all that they chose.
 *
 * Shapes: embedding [B, D]; labels [B]. With `memoryRows`, positives are of the batch and negatives also of the memory. A
 * batch with no triplet, or with none that costs anything, has loss 0 and gradient 0. Active: the share of the mined triplets
 * that are, as the term says.
 */
export function minedTriplets(
  name: string,
  term: TripletTerm,
  distance: Distance,
  miner: TripletMiner,
  memoryRows: number,
): RankingLoss {
  return {
    name,
    batch: 'classes',
    separable: false,
    collapsedValue: term.collapsedValue,
    memoryRows,
    build(embedding) {
      const relations = rowRelations(embedding, memoryRows);
      const distances = distance.pairwise(embedding, relations.candidates);
      const { toPositive, toNegative, weight } = miner.mine({ embedding, distances, relations });
      const difference = sub(toPositive, toNegative);
      const costs = mul(term.cost(difference), weight);
      const found = max(reduceSum(weight), 1);
      const averaged = miner.averagesOver === 'all' ? found : max(reduceSum(indicator(greater(costs, 0), costs)), 1);
      return {
        loss: div(reduceSum(costs), averaged),
        activeShare: div(reduceSum(mul(indicator(term.active(difference), difference), weight)), found),
      };
    },
    feeds: (labels, random) => ({ ...labelsFeed(labels), ...miner.feeds(labels, random, labels.length + memoryRows) }),
  };
}
