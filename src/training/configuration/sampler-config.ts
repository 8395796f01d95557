import { z } from 'zod';
import { relevanceConfigSchema, relevanceText } from '../../ranking/relevance/relevance-config.ts';
import type { ImportanceOptions } from '../../ranking/triplets/samplers/importance-options.ts';

/** How triplets are drawn by relevance; see `RelevanceTriplets`. */
export const samplerConfigSchema = z.strictObject({
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

/** What draws triplets or batches, with all its settings. */
export type SamplerConfig = z.infer<typeof samplerConfigSchema>;

/** The numbers of a configuration as the sampler takes them. */
export function importanceOptionsOf({
  outOfClass,
  margin,
  limit,
  buffer,
  maxFailures,
}: SamplerConfig): ImportanceOptions {
  return { outOfClass, margin, limit: limit ?? undefined, capacity: buffer, maxFailures };
}

/** A sampler in a few words, for people. */
export function samplerText({ relevance, outOfClass, margin, buffer }: SamplerConfig): string {
  return `triplets by relevance ${relevanceText(relevance)}: margin ${margin}, share of out-of-class negatives ${outOfClass}, at most ${buffer} images held of a category`;
}
