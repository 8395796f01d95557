import { z } from 'zod';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import { relevanceTable } from '../../../ranking/relevance/relevance-table.ts';
import type { SamplerChoices } from '../../../ranking/triplets/samplers/define-sampler.ts';
import { relevanceSampler } from '../../../ranking/triplets/samplers/relevance-sampler.ts';
import { samplerNames, samplerTable, usualSampler } from '../../../ranking/triplets/samplers/sampler-table.ts';
import type { TrainingConfig } from '../training-config.ts';
import { type AbsolutePath, defineSetting } from './define-setting.ts';

const { outOfClass, margin, limit, buffer, categoryLevels } = relevanceSampler.schema.shape;
const group = 'Loss and sampling';

/** How triplets are drawn from classes; for training, and for lists of triplets. */
export const samplerSettings = {
  /** Default: uniformly. */
  sampler: defineSetting({
    schema: z.enum(samplerNames),
    option: {
      group,
      value: 'name',
      help: `how triplets are drawn: ${samplerTable.all.map(({ words }) => words.option).join(', or ')}`,
    },
    startedWith: ({ sampler }) => sampler?.kind ?? usualSampler.name,
  }),
  /** What relevance is, as `parseRelevance` reads it. Default: labels. */
  relevance: defineSetting({
    schema: z.string().min(1),
    option: {
      group,
      value: 'kind',
      help: alternatives(relevanceTable.all.map(({ option }) => option)),
    },
    startedWith: (config, given, absolute) => {
      const own = chosenOf(config).relevance;
      return own === undefined ? 'none' : sameRelevance(own, given, absolute);
    },
  }),
  /** Share of triplets with a negative of another category. Default: 0.2. */
  outOfClass: defineSetting({
    schema: outOfClass,
    option: { group, value: 'share', help: 'share of triplets with a negative of another category (0.2)' },
    startedWith: (config) => chosenOf(config).outOfClass ?? 'none',
  }),
  /** By how much a negative of the query's category has to be less relevant than the positive. Default: 0.05. */
  relevanceMargin: defineSetting({
    schema: margin,
    option: {
      group,
      value: 'r',
      help: 'a negative of the same category is less relevant than the positive by this, at least (0.05)',
    },
    startedWith: (config) => chosenOf(config).relevanceMargin ?? 'none',
  }),
  /** More relevant pairs count as this relevant. Default: no limit. */
  relevanceLimit: defineSetting({
    schema: limit.unwrap(),
    option: { group, value: 'r', help: 'more relevant pairs count as this relevant' },
    startedWith: (config) => chosenOf(config).relevanceLimit ?? 'none',
  }),
  /** Most images that relevance sampling holds of a category. Default: 100. */
  buffer: defineSetting({
    schema: buffer,
    option: { group, value: 'n', help: 'images of each category that relevance sampling holds (100)' },
    startedWith: (config) => chosenOf(config).buffer ?? 'none',
  }),
  /** Leading parts of a class's name that are its category. Default: 1. */
  categoryLevels: defineSetting({
    schema: categoryLevels,
    option: { group, value: 'n', help: "leading parts of a class's path that are its category (1)" },
    startedWith: (config) => chosenOf(config).categoryLevels ?? 'none',
  }),
};

/** What was chosen of a run's sampler. */
const chosenOf = ({ sampler }: TrainingConfig): SamplerChoices =>
  sampler === undefined ? {} : samplerTable.of(sampler).choicesOf(sampler);

/** Relevance in the words that were given, if they say the same: `labels` is `labels:0.1`, paths are absolute. */
function sameRelevance(own: string, given: string, absolute: AbsolutePath): string {
  const [kind, rest] = [given.split(':', 1)[0], given.slice(given.indexOf(':') + 1)];
  if (given === 'labels' && own === 'labels:0.1') return given;
  return own === `${kind}:${absolute(rest)}` ? given : own;
}
