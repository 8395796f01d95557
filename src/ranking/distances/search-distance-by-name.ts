import { knownName } from '../../foundation/arguments/known-name.ts';
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

/** The distance that a program, a store or a model file names. @throws if there is none of that name, with all that there are. */
export function searchDistanceByName(name: SearchDistanceName): SearchDistance {
  return distances[knownName(name, searchDistanceNames, 'distance')];
}
