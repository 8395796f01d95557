import type { Ranking } from './ranking.ts';

/**
 * Recall@K of one query as metric learning defines it: 1 if any of the K nearest neighbours is relevant, else 0. (In
 * information retrieval recall is the share of relevant images found; with one relevant image both are the same.)
 *
 * Source: Jégou, Douze and Schmid 2011, section V; Oh Song et al. 2016, section 6.
 */
export function recallAtK({ relevant }: Ranking, k: number): number {
  return relevant.subarray(0, k).includes(1) ? 1 : 0;
}
