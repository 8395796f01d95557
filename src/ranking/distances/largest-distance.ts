import type { SearchDistanceName } from './search-distance.ts';

/** The largest distance that two vectors of length 1 with `dimension` elements can have. */
export function largestDistance(name: SearchDistanceName, dimension: number): number {
  const largest = {
    euclidean: 2,
    'squared-euclidean': 4,
    cosine: 2,
    manhattan: 2 * Math.sqrt(dimension),
    hamming: dimension,
  } as const satisfies Record<SearchDistanceName, number>;
  return largest[name];
}
