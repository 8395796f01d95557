import type { DistanceName } from './distance.ts';

/** The distances that embeddings can be compared by. Those of `DistanceName` can be trained by, too. */
export type SearchDistanceName = DistanceName | 'manhattan' | 'hamming';

/** How far apart two embeddings are, as numbers: smaller is closer. */
export interface SearchDistance {
  readonly name: SearchDistanceName;
  /** Distance of two vectors, computed in float64. @throws if their lengths differ. */
  between(a: ArrayLike<number>, b: ArrayLike<number>): number;
}
