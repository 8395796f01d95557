import { knownName } from '../../foundation/arguments/known-name.ts';
import { cosine } from './cosine.ts';
import type { Distance, DistanceName } from './distance.ts';
import { euclidean } from './euclidean.ts';
import { squaredEuclidean } from './squared-euclidean.ts';

const distances: { readonly [N in DistanceName]: Distance } = {
  euclidean,
  'squared-euclidean': squaredEuclidean,
  cosine,
};

/** All names, for option lists and file schemas. */
export const distanceNames = Object.keys(distances) as readonly DistanceName[];

/** The distance that a configuration or a model file names. @throws UsageError if there is none of that name. */
export function distanceByName(name: DistanceName): Distance {
  return distances[knownName(name, distanceNames, 'distance')];
}
