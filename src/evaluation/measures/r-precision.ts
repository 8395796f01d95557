import { countRelevant, type Ranking } from './ranking.ts';

/**
 * R-precision of one query: relevant images among the R nearest neighbours, divided by R, where R is the number of
 * relevant images in the gallery.
 *
 * Source: Musgrave, Belongie and Lim, "A metric learning reality check", 2020, section 3.2.
 */
export function rPrecision(ranking: Ranking): number {
  return countRelevant(ranking, ranking.relevantCount) / ranking.relevantCount;
}
