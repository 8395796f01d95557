import type { EmbeddingTable } from './embedding-table.ts';

/**
 * Where and how large a table is put before Euclidean distances are taken from inner products in float32: distances do not
 * change when everything moves, and grow with the scale, but what cancels in float32 does change.
 */
export interface Placement {
  /** Is subtracted from every row; undefined where that would gain nothing. */
  readonly origin: Float64Array | undefined;
  /** A power of two that every number is multiplied by, so that no square overflows or vanishes; most often 1. */
  readonly scale: number;
}

/** Numbers whose squares, and their sums over 65,535 dimensions, float32 holds with all their digits. */
const largest = 2 ** 40;
const smallest = 2 ** -20;

/**
 * The placement for a gallery: its mean as the origin if that is longer than the rows spread about it (on unit vectors: if the
 * spread is below a half), so that rows that spread well are taken as they are, bit for bit; and a scale if numbers are so
 * large or small that float32 cannot hold their squares.
 */
export function placementOf({ data, dimension }: EmbeddingTable): Placement {
  const rows = data.length / dimension;
  const mean = new Float64Array(dimension);
  let squares = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let d = 0; d < dimension; d++, at++) {
      mean[d] += data[at] / rows;
      squares += (data[at] * data[at]) / rows;
    }
  }
  const meanSquare = mean.reduce((sum, value) => sum + value * value, 0);
  const origin = 2 * meanSquare > squares ? mean : undefined;
  let most = 0;
  for (let at = 0; at < data.length; at++) {
    most = Math.max(most, Math.abs(data[at] - (origin === undefined ? 0 : origin[at % dimension])));
  }
  return { origin, scale: most === 0 || (most > smallest && most < largest) ? 1 : 2 ** -Math.floor(Math.log2(most)) };
}

/** Rows in their place; the very array where nothing moves. */
export function placed(data: Float32Array, dimension: number, { origin, scale }: Placement): Float32Array {
  if (origin !== undefined) return data.map((value, at) => scale * (value - origin[at % dimension]));
  return scale === 1 ? data : data.map((value) => scale * value);
}
