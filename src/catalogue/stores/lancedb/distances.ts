import type { SearchDistanceName } from '../../../ranking/distances/search-distance.ts';

/** The distances that LanceDB can search by. */
export const lanceDbDistances: readonly SearchDistanceName[] = ['euclidean', 'squared-euclidean', 'cosine', 'hamming'];
