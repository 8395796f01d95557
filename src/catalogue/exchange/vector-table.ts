import type { StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';

/** Images with their vectors, and what these are. */
export interface VectorTable {
  readonly stamp: StoreStamp;
  readonly rows: readonly StoredVector[];
}

/** Vectors by the names of their images alone, as other programs write them: which model made them is not said. */
export interface NamedVectors {
  readonly named: readonly NamedVector[];
}

/** One of them. */
export type NamedVector = Pick<StoredVector, 'id' | 'vector'>;
