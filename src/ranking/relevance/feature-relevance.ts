import { mean } from '../../foundation/numbers/mean.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import type { PairRelevance } from './relevance.ts';

/** A row of numbers for each image. */
export interface ImageFeatures {
  readonly data: Float32Array;
  readonly dimension: number;
}

/**
 * Relevance from a distance of features: `exp(-d / s)`, `d` the Euclidean distance and `s` the median distance of pairs of
 * one category, of which 2,000 are drawn. So relevance is in (0, 1], 0.37 at the median, whatever the features' scale.
 *
 * Corner cases: images that look the same (`twins`) have relevance 0; equal features of images that do not, 1; if more than
 * half of the pairs have distance 0, `s` is the mean of the others, and 1 if there is none.
 *
 * @param seed decides which pairs the median is of.
 */
export function featureRelevance(
  { data, dimension }: ImageFeatures,
  categories: Int32Array,
  twins: ArrayLike<number>,
  seed: number,
): PairRelevance {
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let i = a * dimension, j = b * dimension; i < (a + 1) * dimension; i++, j++) {
      const difference = data[i] - data[j];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  };
  const scale = medianDistance(distance, categories, twins, RandomSource.fromSeed(seed, 'feature relevance'));
  return (a, b) => (twins[a] === twins[b] ? 0 : Math.exp(-distance(a, b) / scale));
}

const pairsDrawn = 2000;

function medianDistance(
  distance: PairRelevance,
  categories: Int32Array,
  twins: ArrayLike<number>,
  random: RandomSource,
): number {
  const members = new Map<number, number[]>();
  for (const [image, category] of categories.entries()) {
    const own = members.get(category);
    if (own === undefined) members.set(category, [image]);
    else own.push(image);
  }
  const distances: number[] = [];
  for (let drawn = 0; drawn < pairsDrawn && categories.length > 0; drawn++) {
    const a = random.integer(categories.length);
    const own = members.get(categories[a])!;
    const b = own[random.integer(own.length)];
    if (twins[a] !== twins[b]) distances.push(distance(a, b));
  }
  distances.sort((a, b) => a - b);
  const median = distances[distances.length >> 1] ?? 1;
  if (median > 0) return median;
  const others = distances.filter((value) => value > 0);
  return others.length === 0 ? 1 : mean(others);
}
