import { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import type { EmbeddingTable } from './embedding-table.ts';

/** How a distance is had from inner products: rows of the gallery are ranked by `addends[g] - 2 q.g`, smallest first. */
export interface InnerProductForm {
  /** Whether distances stay when all embeddings move, so that they may be moved to where float32 loses least. */
  readonly movable: boolean;
  /** The vectors whose inner products are taken, from the embeddings, which `placed` may have moved. */
  prepare(data: Float32Array, dimension: number): Float32Array;
  /** What each row of the prepared gallery adds to its score. */
  addends(gallery: EmbeddingTable): Float32Array;
  /**
   * The squared Euclidean distance of the prepared vectors, of which rounding loses a share of the squared length of the query;
   * undefined where nothing is lost. `own` is that squared length.
   */
  squared(score: number, own: number): number | undefined;
  /** The distance of a score, of embeddings that were multiplied by `scale` if they are movable. */
  distance(score: number, own: number, scale: number): number;
}

/** The form of each distance that has one. The Manhattan distance is no function of an inner product. */
export const innerProductForms: { readonly [N in Exclude<SearchDistanceName, 'manhattan'>]: InnerProductForm } = {
  euclidean: {
    movable: true,
    prepare: (data) => data,
    addends: squaredLengths,
    squared: (score, own) => score + own,
    distance: (score, own, scale) => Math.sqrt(Math.max(0, score + own)) / scale,
  },
  'squared-euclidean': {
    movable: true,
    prepare: (data) => data,
    addends: squaredLengths,
    squared: (score, own) => score + own,
    distance: (score, own, scale) => Math.max(0, score + own) / scale ** 2,
  },
  cosine: {
    movable: false,
    prepare: unitRows,
    addends: (gallery) => new Float32Array(gallery.data.length / gallery.dimension),
    squared: (score) => 2 + score,
    distance: (score) => Math.max(0, 1 + score / 2),
  },
  // Signs as +1 and -1: with `h` bits that differ the product is D - 2 h, whole numbers that float32 holds exactly, and the
  // squared length of a query of signs is D.
  hamming: {
    movable: false,
    prepare: (data) => data.map((value) => (value > 0 ? 1 : -1)),
    addends: tieBreakers,
    squared: () => undefined,
    distance: (score, own) => Math.round((score + 2 * own) / 4),
  },
};

/** Squared lengths of the rows. */
export function squaredLengths({ data, dimension }: EmbeddingTable): Float32Array {
  const lengths = new Float32Array(data.length / dimension);
  for (let row = 0; row < lengths.length; row++) {
    let sum = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) sum += data[i] * data[i];
    lengths[row] = sum;
  }
  return lengths;
}

/** Rows of length 1; rows of zeros stay, so that they are at distance 1 from everything. */
function unitRows(data: Float32Array, dimension: number): Float32Array {
  const unit = new Float32Array(data.length);
  for (let start = 0; start < data.length; start += dimension) {
    let squared = 0;
    for (let at = start; at < start + dimension; at++) squared += data[at] * data[at];
    const rounded = Math.fround(squared);
    // Float32 holds the square of the length, unless that is very large or small.
    const length = Math.sqrt(rounded > 1e-30 && rounded < 1e30 ? rounded : squared);
    if (length > 0) for (let at = start; at < start + dimension; at++) unit[at] = data[at] / length;
  }
  return unit;
}

/**
 * A number below 1 for each row, all different, in an order that has nothing to do with the rows'. Hamming distances are
 * whole numbers, scores go in steps of 4, and many rows tie: in the order of the rows, which is often that of their
 * classes, the first class would win every tie.
 */
function tieBreakers({ data, dimension }: EmbeddingTable): Float32Array {
  const rows = data.length / dimension;
  const order = Array.from({ length: rows }, (_, row) => row);
  return Float32Array.from(shuffle(order, RandomSource.fromSeed(0, 'ties')), (place) => place / rows);
}
