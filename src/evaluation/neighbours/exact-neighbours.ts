import type { SearchDistance } from '../../ranking/distances/search-distance.ts';
import type { EmbeddingTable } from './embedding-table.ts';
import { smallestPlaces } from './smallest-places.ts';

/** Rows with their distances to a query, nearest first, equal ones by row. */
export interface RankedRows {
  readonly rows: ArrayLike<number>;
  readonly distances: ArrayLike<number>;
}

/** Neighbours by differences in float64: slow, and exact where inner products in float32 have lost what tells rows apart. */
export class ExactNeighbours {
  readonly #rows: readonly Float32Array[];
  readonly #distance: SearchDistance;

  constructor({ data, dimension }: EmbeddingTable, distance: SearchDistance) {
    this.#rows = Array.from({ length: data.length / dimension }, (_, row) =>
      data.subarray(row * dimension, (row + 1) * dimension),
    );
    this.#distance = distance;
  }

  /** Some rows of the gallery in the order of their distances. */
  ranked(query: Float32Array, rows: readonly number[]): RankedRows {
    const found = rows.map((row) => ({ row, distance: this.#between(query, row) }));
    found.sort((a, b) => a.distance - b.distance || a.row - b.row);
    return { rows: found.map(({ row }) => row), distances: found.map(({ distance }) => distance) };
  }

  /** The k nearest of all rows. @param itself a row that is left out. */
  nearest(query: Float32Array, k: number, itself: number | undefined): RankedRows {
    const distances = Float64Array.from(this.#rows, (_, row) =>
      row === itself ? Number.POSITIVE_INFINITY : this.#between(query, row),
    );
    const rows = smallestPlaces(distances, k);
    return { rows, distances: rows.map((row) => distances[row]) };
  }

  #between(query: Float32Array, row: number): number {
    return Math.max(0, this.#distance.between(query, this.#rows[row]));
  }
}
