import {
  arrayLike,
  float32Array,
  type OptionRules,
  oneOf,
  optional,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { searchDistanceByName, searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import type { Calibration, CalibrationStep } from './calibration.ts';
import { isotonicCurve, logisticCurve } from './calibration-curve.ts';
import { type LabelledPairs, labelledPairs } from './labelled-pairs.ts';
import { unsureShares } from './share-alike.ts';

/** Embeddings and classes that a calibration is fitted to. */
export interface FitCalibrationOptions {
  /** Embeddings of images that were not trained on, one row of `dimension` numbers each. */
  readonly embeddings: Float32Array;
  readonly dimension: number;
  /** The class of each image. */
  readonly labels: ArrayLike<number>;
  /** What embeddings are compared by. */
  readonly distance: SearchDistanceName;
  /** Decides which pairs are looked at where there are too many. */
  readonly seed: number;
  /** Where the images are from, in a few words. */
  readonly source: string;
  /**
   * How many rows each part has, one behind the other, where embeddings are by several models that were made alike, such as those of
   * folds, no class being in two parts: pairs are then of one part. Default: one part.
   */
  readonly parts?: readonly number[];
}

const fitRules: OptionRules<FitCalibrationOptions> = {
  embeddings: float32Array(),
  dimension: wholeNumber(1),
  labels: arrayLike('an array with the class of each image'),
  distance: oneOf(searchDistanceNames),
  seed: wholeNumber(),
  source: valueLike('a text', (value) => typeof value === 'string'),
  parts: optional(
    valueLike('how many rows each part has', (value) => Array.isArray(value) && value.every(Number.isInteger)),
  ),
};

/** What a calibration needs at least. */
export const calibrationNeeds = { alikePairs: 100, unlikePairs: 100, classes: 5 } as const;

/** Alike pairs below which a curve of two numbers is fitted instead of a free one. */
const fewPairs = 1000;

/** There is too little to calibrate with. The message says what there is and what it takes. */
export class TooFewPairs extends LookalikeError {
  readonly code = 'too-few-pairs';
}

/**
 * Calibrates distances: fits what share of pairs at a distance are alike, which is to say of one class.
 *
 * The curve falls with distance and is fitted with both kinds of pairs weighing the same: its share is that of alike pairs
 * had half of all pairs been alike. `baseRate` is the share among all pairs as they come; `shareAlike` turns one into the
 * other. From 1000 alike pairs on the curve is isotonic, below logistic.
 *
 * Pairs share images, so they are fewer than they seem: classes are what was sampled.
 *
 * @throws UsageError if `parts` are not all rows; TooFewPairs below 100 alike pairs, 100 unlike ones or 5 classes with two images.
 */
export function fitCalibration(options: FitCalibrationOptions): Calibration {
  checkOptions(options, fitRules);
  const { distance, labels, source } = options;
  const pairs = pairsOfParts(options);
  const { all, classesWithPairs } = pairs;
  const looked = pairs.alike.reduce((sum, alike) => sum + alike, 0);
  const { alikePairs, unlikePairs, classes } = calibrationNeeds;
  if (looked < alikePairs || pairs.alike.length - looked < unlikePairs || classesWithPairs < classes) {
    throw new TooFewPairs(
      `calibration needs at least ${alikePairs} pairs of one class, ${unlikePairs} of two and ${classes} classes with two different images; ` +
        `here are ${looked}, ${pairs.alike.length - looked} and ${classesWithPairs}: give more labelled images that were not trained on`,
    );
  }
  const method = looked < fewPairs ? 'logistic' : 'isotonic';
  const steps = method === 'logistic' ? logisticCurve(pairs) : isotonicCurve(pairs);
  return {
    distance,
    method,
    steps,
    unsure: { from: whereBelow(steps, unsureShares.from), to: whereBelow(steps, unsureShares.to) },
    baseRate: all.alike / (all.alike + all.unlike),
    pairs: all,
    images: labels.length,
    classes: new Set(Array.from(labels)).size,
    source,
  };
}

/** The distance from which on the curve is below a share: 0 if it is everywhere, the end of the last step if it is nowhere. */
function whereBelow(steps: readonly CalibrationStep[], share: number): number {
  const place = steps.findIndex((step) => step.share < share);
  if (place === 0) return 0;
  if (place < 0) return steps[steps.length - 1].to;
  const [a, b] = [steps[place - 1], steps[place]];
  return a.to + ((a.share - share) / (a.share - b.share)) * (b.from - a.to);
}

/** Pairs of images of one part each, all parts together. */
function pairsOfParts({ embeddings, dimension, labels, distance, seed, parts }: FitCalibrationOptions): LabelledPairs {
  const rows = parts ?? [labels.length];
  const sum = rows.reduce((all, count) => all + count, 0);
  if (sum !== labels.length) {
    throw new UsageError(`calibration: parts of ${sum} rows together, but ${labels.length} labels`, {
      path: 'parts',
      expected: `numbers whose sum is ${labels.length}`,
      value: rows,
    });
  }
  let start = 0;
  const found = rows.map((count) => {
    const [first, end] = [start, start + count];
    start = end;
    const own = embeddings.subarray(first * dimension, parts === undefined ? embeddings.length : end * dimension);
    const classes = Array.from({ length: count }, (_, row) => labels[first + row]);
    return labelledPairs({
      embeddings: own,
      dimension,
      labels: classes,
      distance: searchDistanceByName(distance),
      seed,
    });
  });
  const total = (of: (pairs: LabelledPairs) => number) => found.reduce((all, pairs) => all + of(pairs), 0);
  return {
    distances: Float64Array.from(found.flatMap(({ distances }) => [...distances])),
    alike: Uint8Array.from(found.flatMap(({ alike }) => [...alike])),
    all: { alike: total(({ all }) => all.alike), unlike: total(({ all }) => all.unlike) },
    classesWithPairs: total(({ classesWithPairs }) => classesWithPairs),
  };
}
