import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { RandomSource } from '../../../foundation/random/random-source.ts';
import type { Value } from '../../../graph/builder/graph.ts';
import {
  add,
  cast,
  clip,
  div,
  gather,
  greater,
  indicator,
  lengthOf,
  less,
  log,
  mul,
  neg,
  reduceSum,
  sub,
  where,
} from '../../../graph/builder/operations.ts';
import { type Tensor, tensor } from '../../../graph/tensor/tensor.ts';
import { squaredEuclidean } from '../../distances/squared-euclidean.ts';
import { batchInput } from '../rows/batch-input.ts';
import { pairCapacity, pairFeeds, positivePairs } from '../rows/positive-pairs.ts';
import { argMax, elementsAt, farAway } from './arg-max.ts';
import { defineMiner } from './define-miner.ts';
import type { TripletMiner } from './miner.ts';

/** Name of the graph input with the numbers that decide the draw: uniform over (0, 1), [pairs, C]. */
export const miningNoiseInput = 'mining_noise';

/** Negatives closer than this count as this far away, so that the noise of the very nearest does not rule. */
export const nearestDistance = 0.5;
/** Negatives farther than this are not drawn while there are others: they would cost nothing. */
export const farthestDistance = 1.4;

/** Numbers of 23 bits and a half: float32 holds them exactly, and never 0 or 1. */
const steps = 2 ** 23;

/**
 * For every ordered pair (q, p) of a class in the batch: a negative drawn with probability proportional to `1 / q(d)`, where
 * `q(d) = d^(D - 2) (1 - d^2 / 4)^((D - 3) / 2)` is the density of the Euclidean distance d between two random points of
 * the unit sphere in D dimensions. So every distance is drawn about equally often, where a uniform draw finds hardly anything
 * but d near 1.41. Distances below 0.5 count as 0.5; beyond 1.4 nothing is drawn, unless a row has no other negative: then
 * uniformly of all its negatives.
 *
 * The draw is the largest of `log weight - log(-log u)` (Gumbel), with one u a pair and candidate from the step's own
 * numbers, which are an input of the graph: a resumed run draws what the uninterrupted one would have drawn.
 *
 * Shapes: at most `imagesPerClass` rows of a label; [B (imagesPerClass - 1), C] weights. D is at least 2. A pair without a
 * negative is no triplet. Whatever the loss's distance, the draw goes by Euclidean distances.
 * Source: Wu, Manmatha, Smola and Krähenbühl 2017, "Sampling Matters in Deep Embedding Learning", eq. 3 and 4; 0.5 and 1.4 are
 * the authors' numbers, and 0.5 stands for the bound lambda of eq. 4.
 */
export function distanceWeightedMiner(imagesPerClass: number): TripletMiner {
  return {
    name: 'distance-weighted',
    averagesOver: 'all',
    mine({ embedding, distances, relations }) {
      const { graph, type } = embedding;
      const [rows, candidates] = [lengthOf(distances, 0), lengthOf(distances, 1)];
      const { queries, positives, weights } = positivePairs(embedding, rows, imagesPerClass);
      const noise = batchInput(graph, miningNoiseInput, 'float32', [pairCapacity(rows, imagesPerClass), candidates]);
      const squared = squaredEuclidean.pairwise(embedding, relations.candidates);
      const near = mul(relations.negative, indicator(less(squared, farthestDistance ** 2), squared));
      const nearExists = indicator(greater(reduceSum(near, [1], true), 0), squared);
      // Where nothing is near, every negative may be drawn and all weigh the same.
      const eligible = add(mul(near, nearExists), mul(relations.negative, sub(1, nearExists)));
      const logWeight = mul(logInverseDensity(squared, lengthOf(embedding, 1)), nearExists);
      const score = where(greater(eligible, 0), logWeight, -farAway);
      const gumbel = neg(log(neg(log(cast(noise, type)))));
      const chosen = argMax(add(gather(score, queries), gumbel));

      const rowStart = mul(queries, candidates);
      const hasNegative = indicator(less(0, reduceSum(gather(relations.negative, queries), [1])), squared);
      return {
        toPositive: elementsAt(distances, rows * candidates, add(rowStart, positives)),
        toNegative: elementsAt(distances, rows * candidates, add(rowStart, chosen)),
        weight: mul(weights, hasNegative),
      };
    },
    feeds: (labels, random, candidates) => ({
      ...pairFeeds(labels, imagesPerClass),
      [miningNoiseInput]: drawNoise(pairCapacity(labels.length, imagesPerClass), candidates, random),
    }),
  };
}

/** `-log q(d)` up to a constant, from d^2. */
function logInverseDensity(squared: Value, dimension: number): Value {
  if (dimension < 2)
    throw new TrainingError('distance-weighted mining needs embeddings of at least 2 dimensions, got 1');
  const clipped = clip(squared, nearestDistance ** 2, farthestDistance ** 2);
  const logDistance = mul(log(clipped), (2 - dimension) / 2);
  return add(logDistance, mul(log(sub(1, div(clipped, 4))), (3 - dimension) / 2));
}

function drawNoise(pairs: number, candidates: number, random: RandomSource): Tensor {
  const noise = tensor('float32', [pairs, candidates]);
  for (let place = 0; place < noise.data.length; place++) noise.data[place] = (random.integer(steps) + 0.5) / steps;
  return noise as Tensor;
}

/** For the table. */
export const distanceWeighted = defineMiner({ name: 'distance-weighted', build: distanceWeightedMiner });
