import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';
import type { Neighbour } from '../vector-store.ts';
import type { NodeSearch, WeaviateNode } from './nodes/node.ts';
import { neighbourOf } from './objects.ts';

/** Objects that a node gives at most, unless it is set up otherwise. */
const mostFound = 10_000;
/** Objects that are asked for beyond those that are wanted, for the case of equal distances. */
const more = 16;

/**
 * The images nearest to a vector by one node, equal distances in order of their names. Of images at the very distance of the last one
 * Weaviate gives any: so many are asked for that the next distance comes into sight.
 */
export async function nearestImages(
  node: WeaviateNode,
  asked: Omit<NodeSearch, 'limit'>,
  k: number,
  distance: SearchDistanceName,
): Promise<Neighbour[]> {
  for (let limit = Math.min(k + more, mostFound); ; limit = Math.min(4 * limit, mostFound)) {
    const found = await node.search({ ...asked, limit: Math.max(limit, k) });
    const last = found.at(-1);
    const isWhole = found.length < limit || limit >= mostFound || last === undefined;
    if (!isWhole && last.distance <= found[k - 1].distance) continue;
    return found
      .map((one) => neighbourOf(one.image, ownDistance(distance, one.distance)))
      .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
      .slice(0, k);
  }
}

/** Rounding may take Weaviate's distance of a vector from itself below 0. */
function ownDistance(name: SearchDistanceName, distance: number): number {
  const positive = Math.max(0, distance);
  return name === 'euclidean' ? Math.sqrt(positive) : positive;
}
