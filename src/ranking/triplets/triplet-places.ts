import type { Triplet } from './triplet.ts';

/** The places of all images that triplets name, each once, in the order in which they are first named. */
export function tripletPlaces(triplets: Iterable<Triplet>): number[] {
  const places = new Set<number>();
  for (const { query, positive, negative } of triplets) places.add(query).add(positive).add(negative);
  return [...places];
}
