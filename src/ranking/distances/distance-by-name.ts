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

/** The distance that a configuration or a model file names. */
export function distanceByName(name: DistanceName): Distance {
  return distances[name];
}
