import { z } from 'zod';
import { numberAbove, type OptionRules, valueLike, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import type { RandomSource } from '../../foundation/random/random-source.ts';
import {
  add,
  div,
  greater,
  indicator,
  l2Normalize,
  lengthOf,
  less,
  matMul,
  max,
  mul,
  reduceMean,
  reduceSum,
  sub,
  transpose,
} from '../../graph/builder/operations.ts';
import { type StaticShape, sizeOf } from '../../graph/tensor/shape.ts';
import { defineLoss } from './define-loss.ts';
import type { RankingLoss } from './loss.ts';
import { classMembership, knownLabelsFeed } from './rows/class-rows.ts';
import { logOnePlusSumExp } from './rows/masked-sums.ts';
import * as shared from './shared-settings.ts';

/** Name of the learnt tensor of proxies, [classes, D]. */
export const proxiesParameter = 'loss.proxies';

/** The numbers of the proxy-anchor loss. */
export interface ProxyAnchorSettings {
  /** Classes trained on; labels are 0 to `classes` - 1. */
  readonly classes: number;
  /** Sharpness, alpha in the paper. Default 32. */
  readonly scale: number;
  /** Delta in the paper: positives should be more alike than this, negatives less than minus this. Default 0.1. */
  readonly margin: number;
  /** What multiplies the learning rate for the proxies. Default 10. */
  readonly proxyRate: number;
}

const settingRules: OptionRules<ProxyAnchorSettings> = {
  classes: wholeNumber(2),
  scale: numberAbove(0),
  margin: valueLike(
    'a cosine of at least 0 and below 1',
    (value) => typeof value === 'number' && value >= 0 && value < 1,
  ),
  proxyRate: numberAbove(0),
};

/**
 * Proxy-anchor loss. Every class has a learnt proxy; with `s(x, p)` the cosine of an embedding and a proxy, X+ the batch's
 * rows of the proxy's class and X- the others:
 * `mean over proxies with X+ of log(1 + sum over X+ of exp(-scale (s - margin)))
 * + mean over all proxies of log(1 + sum over X- of exp(scale (s + margin)))`.
 * A step costs rows x classes, not rows x rows, and every row meets every class.
 *
 * Shapes: embedding [B, D] of unit length; labels [B], 0 to classes - 1; proxies [classes, D], normalised where they are used,
 * drawn normal with a length near 1, with weight decay. A proxy without rows of its class only pushes. Active: pairs of a row
 * and a proxy that are not yet beyond the margin. A collapsed network has no one value, for its proxies differ.
 * Source: Kim, Kim, Cho and Kwak 2020, eq. 4; the paper's proxies learn at 100 times a rate of 1e-4.
 */
export function proxyAnchor(settings: ProxyAnchorSettings): RankingLoss {
  checkOptions(settings, settingRules);
  const { classes, scale, margin, proxyRate } = settings;
  return {
    name: 'proxy-anchor',
    batch: 'classes',
    separable: false,
    collapsedValue: undefined,
    memoryRows: 0,
    build(embedding, parameters) {
      const dimension = lengthOf(embedding, 1);
      const options = { decays: true, rate: proxyRate };
      const proxies = parameters.parameter(proxiesParameter, [classes, dimension], nearUnitLength, options);
      const similarity = matMul(embedding, transpose(l2Normalize(proxies), [1, 0]));
      const positive = classMembership(embedding, classes);
      const negative = sub(1, positive);

      const pull = logOnePlusSumExp(mul(sub(similarity, margin), -scale), positive, 0);
      const push = logOnePlusSumExp(mul(add(similarity, margin), scale), negative, 0);
      const withRows = reduceSum(indicator(less(0, reduceSum(positive, [0])), similarity));
      const tooFar = mul(positive, indicator(less(similarity, margin), similarity));
      const tooNear = mul(negative, indicator(greater(similarity, -margin), similarity));
      return {
        loss: add(div(reduceSum(pull), max(withRows, 1)), reduceMean(push)),
        activeShare: reduceMean(add(tooFar, tooNear)),
      };
    },
    feeds: (labels) => knownLabelsFeed(labels, classes, `the proxy-anchor loss has proxies of ${classes} classes`),
  };
}

/** Normal, with variance one over the dimension. */
function nearUnitLength(shape: StaticShape, random: RandomSource): Float32Array {
  const deviation = 1 / Math.sqrt(shape[1]);
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal());
}

/** The proxy-anchor loss; the run says how many classes there are. */
export const proxyAnchorLoss = defineLoss({
  schema: z.strictObject({
    kind: z.literal('proxy-anchor'),
    scale: z.number().positive(),
    margin: z.number().min(0).lt(1),
    proxyRate: z.number().positive(),
    /** The pictures decide. */
    classes: shared.classes.exactOptional(),
  }),
  defaults: { scale: 32, margin: 0.1, proxyRate: 10 },
  batch: 'classes',
  refuses: { memory: 'compares images with proxies of their classes, not with other images' },
  words: {
    title: 'proxy-anchor loss',
    active: ['Active pairs', 'images and classes that are not yet beyond the margin'],
  },
  build({ classes, ...config }) {
    if (classes === undefined) {
      throw new TrainingError("loss 'proxy-anchor' needs the number of classes that are trained on: give 'classes'");
    }
    const { scale, margin, proxyRate } = config;
    return proxyAnchor({ classes, scale, margin, proxyRate });
  },
});
