import { indicator, reduceMean, sub } from '../../../graph/builder/operations.ts';
import type { Distance } from '../../distances/distance.ts';
import type { RankingLoss } from '../loss.ts';
import { tripletDistances } from './triplet-rows.ts';
import type { TripletTerm } from './triplet-term.ts';

/**
 * The mean cost of the triplets that a batch lists row after row. Shapes: embedding [3 T, D], rows in turn query, positive,
 * negative. Active: the share of triplets that are, as the term says.
 */
export function rowTriplets(name: string, term: TripletTerm, distance: Distance): RankingLoss {
  return {
    name,
    batch: 'triplets',
    separable: true,
    collapsedValue: term.collapsedValue,
    memoryRows: 0,
    build(embedding) {
      const { toPositive, toNegative } = tripletDistances(embedding, distance);
      const difference = sub(toPositive, toNegative);
      return {
        loss: reduceMean(term.cost(difference)),
        activeShare: reduceMean(indicator(term.active(difference), difference)),
      };
    },
    feeds: () => ({}),
  };
}
