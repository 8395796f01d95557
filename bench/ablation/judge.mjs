import { bootstrapMeans } from '../../dist/evaluation/intervals/bootstrap.js';
import { scoreAtTopK } from '../../dist/evaluation/measures/score-at-top-k.js';
import {
  similarityPrecisions,
  splitSimilarityPrecisions,
} from '../../dist/evaluation/measures/similarity-precision.js';

const seed = 0;

/**
 * Judges distances of all images to all images, whatever made them: an embedding, or a score that no embedding has.
 *
 * @param {Float32Array} matrix row by row, a row a query; distances are compared within a row only
 * @param {ArrayLike<number>} labels the class of each image
 * @param {{ triplets: readonly import('../../dist/index.js').Triplet[], categories: ArrayLike<number> } | undefined} graded
 *   triplets to be judged by, and the category of each image; without them Recall@1 alone is measured
 * @returns measures as `{ value, low, high }`: shares of 1, but for `scoreAtTop30`, which is a number of triplets
 */
export function judge(matrix, labels, graded) {
  const measures = { recallAt1: recallAt1(matrix, labels) };
  if (graded === undefined) return measures;
  const { triplets, categories } = graded;
  // The judges of embeddings take rows of numbers and a distance between them: a row is the number of its image.
  const rows = { data: Float32Array.from(labels, (_, image) => image), dimension: 1 };
  const distance = { name: 'euclidean', between: (a, b) => matrix[a[0] * labels.length + b[0]] };
  const precision = ({ values, weights }) => bootstrapMeans([values], { seed, weights })[0];
  const split = splitSimilarityPrecisions(rows, triplets, categories, distance);
  const { value, low, high, counted } = scoreAtTopK(rows, triplets, { k: 30, seed, distance });
  return {
    ...measures,
    precision: precision(similarityPrecisions(rows, triplets, distance)),
    precisionInClass: precision(split.inClass),
    precisionOutOfClass: precision(split.outOfClass),
    scoreAtTop30: { value, low, high, counted },
  };
}

/** Share of the queries whose nearest image is of their class; images alone in their class are no queries. */
function recallAt1(matrix, labels) {
  const count = labels.length;
  const sizes = new Map();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const hits = [];
  for (let query = 0; query < count; query++) {
    if (sizes.get(labels[query]) < 2) continue;
    let nearest = -1;
    for (let other = 0; other < count; other++) {
      if (other === query) continue;
      if (nearest < 0 || matrix[query * count + other] < matrix[query * count + nearest]) nearest = other;
    }
    hits.push(labels[nearest] === labels[query] ? 1 : 0);
  }
  return bootstrapMeans([Float64Array.from(hits)], { seed })[0];
}
