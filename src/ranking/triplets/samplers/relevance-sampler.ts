import { z } from 'zod';
import { InternalError } from '../../../foundation/errors/internal-error.ts';
import { parseRelevance, relevanceText } from '../../relevance/relevance-config.ts';
import { relevanceConfigSchema } from '../../relevance/relevance-table.ts';
import { defineSampler } from './define-sampler.ts';
import { checkedImportanceOptions, type ImportanceOptions } from './importance-options.ts';
import { RelevanceTriplets, type RelevanceTripletsState } from './relevance-triplets.ts';

const schema = z.strictObject({
  kind: z.literal('relevance'),
  relevance: relevanceConfigSchema,
  /** Leading parts of a class's name that are its category. */
  categoryLevels: z.int().min(1).max(64),
  /** Share of triplets whose negative is of another category. */
  outOfClass: z.number().min(0).max(1),
  /** `Tr`: by how much a negative of the query's category is less relevant than the positive, at least. */
  margin: z.number().min(0),
  /** `Tp`: more relevant pairs count as this relevant; null for no limit. */
  limit: z.number().positive().nullable(),
  /** Most images that are held of a category. */
  buffer: z.int().min(2).max(1_000_000),
  /** Failures in a row after which a query leaves its buffer. */
  maxFailures: z.int().min(1).max(1_000_000_000),
});

type Numbers = Pick<z.infer<typeof schema>, 'outOfClass' | 'margin' | 'limit' | 'buffer' | 'maxFailures'>;

/** The numbers of a configuration as online importance sampling takes them. */
function importanceOptionsOf({ outOfClass, margin, limit, buffer, maxFailures }: Numbers): ImportanceOptions {
  return { outOfClass, margin, limit: limit ?? undefined, capacity: buffer, maxFailures };
}

/**
 * Triplets by relevance, for the table; see `RelevanceTriplets`. Defaults: relevance by labels, the class's first level as
 * category, out-of-class share 0.2, margin 0.05, no limit, buffers of 100, 10 failures.
 */
export const relevanceSampler = defineSampler({
  schema,
  options: ['relevance', 'outOfClass', 'relevanceMargin', 'relevanceLimit', 'buffer', 'categoryLevels'],
  words: {
    option: 'relevance (importance sampling; hinge, soft-margin)',
    drawn: 'triplets are drawn by relevance',
  },
  configure(choices) {
    const settings = {
      relevance: parseRelevance(choices.relevance ?? 'labels'),
      categoryLevels: choices.categoryLevels ?? 1,
      outOfClass: choices.outOfClass ?? 0.2,
      margin: choices.relevanceMargin ?? 0.05,
      limit: choices.relevanceLimit ?? null,
      buffer: choices.buffer ?? 100,
      maxFailures: 10,
    };
    checkedImportanceOptions(importanceOptionsOf(settings));
    return settings;
  },
  choicesOf: ({ relevance, categoryLevels, outOfClass, margin, limit, buffer }) => ({
    relevance: relevanceText(relevance),
    categoryLevels,
    outOfClass,
    relevanceMargin: margin,
    relevanceLimit: limit ?? undefined,
    buffer,
  }),
  inWords: ({ relevance, outOfClass, margin, buffer }) =>
    `triplets by relevance ${relevanceText(relevance)}: margin ${margin}, share of out-of-class negatives ${outOfClass}, at most ${buffer} images held of a category`,
  relevanceOf: ({ relevance, categoryLevels }) => ({ relevance, categoryLevels }),
  prepare(config, { relevance }) {
    if (relevance === undefined) throw new InternalError('relevance sampling needs to know how alike images are');
    const options = importanceOptionsOf(config);
    return {
      fromSeed: (seed) => RelevanceTriplets.fromSeed(relevance, options, seed),
      fromState: (state) => RelevanceTriplets.fromState(relevance, options, state as RelevanceTripletsState),
    };
  },
});
