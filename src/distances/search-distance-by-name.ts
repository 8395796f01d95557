import { cosine } from './cosine.ts';
import { euclidean } from './euclidean.ts';
import { hamming } from './hamming.ts';
import { manhattan } from './manhattan.ts';
import type { SearchDistance, SearchDistanceName } from './search-distance.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

const distances: { readonly [N in SearchDistanceName]: SearchDistance } = {
  euclidean,
  'squared-euclidean': squaredEuclidean,
  cosine,
  manhattan,
  hamming,
};

/** All names, for option lists and file schemas. */
export const searchDistanceNames = Object.keys(distances) as readonly SearchDistanceName[];

/** The distance that a command line, a store or a model file names. */
export function searchDistanceByName(name: SearchDistanceName): SearchDistance {
  return distances[name];
}
