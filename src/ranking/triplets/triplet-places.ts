import type { Triplet } from './triplet.ts';

/** The places of all images that triplets name, each once, in the order in which they are first named. */
export function tripletPlaces<Index extends number>(triplets: Iterable<Triplet<Index>>): Index[] {
  const places = new Set<Index>();
  for (const { query, positive, negative } of triplets) places.add(query).add(positive).add(negative);
  return [...places];
}
