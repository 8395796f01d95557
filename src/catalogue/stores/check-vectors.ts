import { StoreError } from '../../foundation/errors/store-error.ts';
import { modelInWords, type StoreStamp } from './store-stamp.ts';
import type { StoredVector, VectorStoreKind } from './vector-store.ts';

/** @throws if a vector has another length than the store's or an element that is not a finite number. */
export function checkVector(uri: string, stamp: StoreStamp, vector: Float32Array, what: string): void {
  if (vector.length !== stamp.dimension) {
    throw new StoreError(
      `the store '${uri}' has vectors of ${stamp.dimension} dimensions, ${what} has ${vector.length}: ` +
        `embed it with the model '${stamp.modelName}'`,
    );
  }
  for (const [index, element] of vector.entries()) {
    if (!Number.isFinite(element)) {
      throw new StoreError(
        `element ${index} of ${what} is ${element}: a damaged model gives such vectors, train it again`,
      );
    }
  }
}

/** @throws if a row's vector is no vector of the store, or if two rows have one id. */
export function checkRows(uri: string, stamp: StoreStamp, rows: readonly StoredVector[]): void {
  const ids = new Set<string>();
  for (const { id, vector } of rows) {
    checkVector(uri, stamp, vector, `the vector of '${id}'`);
    if (ids.has(id)) throw new StoreError(`two rows for the store '${uri}' have the id '${id}': give each image once`);
    ids.add(id);
  }
}

/** @throws if `k` is not a positive whole number. */
export function checkNeighbourCount(k: number): void {
  if (!Number.isInteger(k) || k < 1)
    throw new StoreError(`a search needs a whole number of neighbours from 1, got ${k}`);
}

/** @throws if a kind of store cannot search by the stamp's distance. */
export function checkDistance(kind: Pick<VectorStoreKind, 'distances'>, uri: string, stamp: StoreStamp): void {
  if (kind.distances.includes(stamp.distance)) return;
  throw new StoreError(
    `the store '${uri}' cannot search by ${stamp.distance}, only by ${kind.distances.join(', ')}: choose one of these, or another kind of store`,
  );
}

/** @throws if a store was replaced by one of another stamp since it was opened. */
export function checkUnreplaced(uri: string, opened: StoreStamp, now: StoreStamp): void {
  if (opened.modelId === now.modelId && opened.distance === now.distance && opened.dimension === now.dimension) return;
  throw new StoreError(
    `the store '${uri}' was made anew by another model since it was opened, ${modelInWords(now)}: open it again with that one`,
  );
}
