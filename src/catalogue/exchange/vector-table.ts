import type { StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';

/** Images with their vectors, and what these are. */
export interface VectorTable {
  readonly stamp: StoreStamp;
  readonly rows: readonly StoredVector[];
}
