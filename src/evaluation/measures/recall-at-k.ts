import { valueLike, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import type { Ranking } from './ranking.ts';

const places = wholeNumber(1);
const aRanking = valueLike<Ranking>(
  'a ranking { relevant, relevantCount }, relevant as a Uint8Array',
  (value) => typeof value === 'object' && value !== null && 'relevant' in value && ArrayBuffer.isView(value.relevant),
);

/**
 * Recall@K of one query as metric learning defines it: 1 if any of the K nearest neighbours is relevant, else 0. (In
 * information retrieval recall is the share of relevant images found; with one relevant image both are the same.)
 *
 * Source: Jégou, Douze and Schmid 2011, section V; Oh Song et al. 2016, section 6.
 *
 * @throws UsageError if `k` is no whole number of at least 1.
 */
export function recallAtK(ranking: Ranking, k: number): number {
  checkArgument(ranking, aRanking, 'ranking');
  checkArgument(k, places, 'k');
  return ranking.relevant.subarray(0, k).includes(1) ? 1 : 0;
}
