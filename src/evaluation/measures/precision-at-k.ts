import { countRelevant, type Ranking } from './ranking.ts';

/**
 * Precision@K of one query: relevant images among the K nearest neighbours, divided by K, also where fewer than K images
 * are relevant or in the gallery at all: then it cannot reach 1. R-precision has no such ceiling.
 */
export function precisionAtK(ranking: Ranking, k: number): number {
  return countRelevant(ranking, k) / k;
}
