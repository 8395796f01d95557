import type { SearchDistanceName } from '../distances/search-distance.ts';
import { RandomSource } from '../random/random-source.ts';
import { shuffle } from '../random/shuffle.ts';
import type { EmbeddingTable } from './embedding-table.ts';

/** How a distance is had from inner products: rows of the gallery are ranked by `addends[g] - 2 q.g`, smallest first. */
export interface InnerProductForm {
  /** The vectors whose inner products are taken, from the embeddings. */
  prepare(data: Float32Array, dimension: number): Float32Array;
  /** What each row of the prepared gallery adds to its score. */
  addends(gallery: EmbeddingTable): Float32Array;
  /** The distance of a score. `own` is the squared length of the prepared query. */
  distance(score: number, own: number): number;
}

/** The form of each distance that has one. The Manhattan distance is no function of an inner product. */
export const innerProductForms: { readonly [N in Exclude<SearchDistanceName, 'manhattan'>]: InnerProductForm } = {
  euclidean: {
    prepare: (data) => data,
    addends: squaredLengths,
    distance: (score, own) => Math.sqrt(Math.max(0, score + own)),
  },
  'squared-euclidean': {
    prepare: (data) => data,
    addends: squaredLengths,
    distance: (score, own) => Math.max(0, score + own),
  },
  cosine: {
    prepare: unitRows,
    addends: (gallery) => new Float32Array(gallery.data.length / gallery.dimension),
    distance: (score) => Math.max(0, 1 + score / 2),
  },
  // Signs as +1 and -1: with `h` bits that differ the product is D - 2 h, whole numbers that float32 holds exactly, and the
  // squared length of a query of signs is D.
  hamming: {
    prepare: (data) => data.map((value) => (value > 0 ? 1 : -1)),
    addends: tieBreakers,
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
  const lengths = squaredLengths({ data, dimension });
  return data.map((value, place) => {
    const squared = lengths[Math.floor(place / dimension)];
    return squared === 0 ? 0 : value / Math.sqrt(squared);
  });
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
