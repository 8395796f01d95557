/** What retrieval measures need to know of one query: which of its nearest neighbours are relevant. */
export interface Ranking {
  /**
   * 1 for a relevant neighbour, 0 for another, nearest first. It may stop early, but not before the places that a
   * measure asks for unless the gallery ends there: places beyond the end count as not relevant.
   */
  readonly relevant: Uint8Array;
  /** Relevant images in the whole gallery, without the query itself: R. At least 1. */
  readonly relevantCount: number;
}

/** How many of the first `places` neighbours are relevant. */
export function countRelevant({ relevant }: Ranking, places: number): number {
  let count = 0;
  const end = Math.min(places, relevant.length);
  for (let place = 0; place < end; place++) count += relevant[place];
  return count;
}
