import { z } from 'zod';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { RandomSource } from '../../foundation/random/random-source.ts';
import {
  gemm,
  indicator,
  lengthOf,
  less,
  logSoftmax,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reduceSum,
} from '../../graph/builder/operations.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { classMembership, knownLabelsFeed } from './rows/class-rows.ts';
import * as shared from './shared-settings.ts';

/** Names of what the classification layer learns: weights [classes, F] and biases [classes]. */
export const classifierParameters = ['loss.classifier.weight', 'loss.classifier.bias'] as const;

/**
 * Softmax classification, with which a ConvNet is pre-trained: a linear layer maps its features to a score for each class, and
 * the loss is the mean over rows of `-log softmax(scores)[class of the row]`.
 *
 * Shapes: features [B, F], of any length; labels [B], 0 to classes - 1. The layer's weights start normal with deviation 0.01
 * (Krizhevsky et al. 2012, section 5), its biases at 0. Active: rows whose own class has not the highest score. A network that
 * gives every picture the same features has the entropy of the labels as its loss, which depends on the batch.
 * Source: Wang et al. 2014, section 5.3, which pre-trains so and keeps the ConvNet.
 *
 * @throws if there are fewer than two classes, or, while running, at a label beyond them.
 */
export function softmaxClassification(classes: number): RankingLoss {
  if (!(Number.isInteger(classes) && classes >= 2)) {
    throw new TrainingError(`softmax classification needs at least two classes, got ${classes}`);
  }
  return {
    name: 'softmax',
    batch: 'classes',
    separable: false,
    collapsedValue: undefined,
    memoryRows: 0,
    build(features, parameters) {
      const [weightName, biasName] = classifierParameters;
      const weight = parameters.parameter(weightName, [classes, lengthOf(features, 1)], nearZero, { decays: true });
      const bias = parameters.parameter(biasName, [classes], (shape) => new Float32Array(sizeOf(shape)));
      const scores = gemm(features, weight, bias, { transB: 1 });
      const own = classMembership(features, classes);
      const ownScore = reduceSum(mul(scores, own), [1]);
      return {
        loss: neg(reduceMean(reduceSum(mul(logSoftmax(scores, 1), own), [1]))),
        activeShare: reduceMean(indicator(less(ownScore, reduceMax(scores, [1])), scores)),
      };
    },
    feeds: (labels) => knownLabelsFeed(labels, classes, `softmax classification tells ${classes} classes apart`),
  };
}

function nearZero(shape: StaticShape, random: RandomSource): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => 0.01 * random.normal());
}

/** Of pre-training only; the classes are those that the ConvNet tells apart. */
export const softmaxLoss = defineLoss({
  schema: z.strictObject({ kind: z.literal('softmax'), classes: shared.classes }),
  defaults: {},
  batch: 'classes',
  words: {
    title: 'softmax classification',
    active: ['Wrong rows', 'images that another class seems likelier for'],
  },
  build: ({ classes }) => softmaxClassification(classes),
});
