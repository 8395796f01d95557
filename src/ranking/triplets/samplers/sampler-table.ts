import { z } from 'zod';
import { type DefinitionTable, definitionTable } from '../../../foundation/arguments/definition-by-name.ts';
import type { SamplerDefinition } from './define-sampler.ts';
import { uniformSampler } from './online-triplets.ts';
import { relevanceSampler } from './relevance-sampler.ts';

/** The sampler of runs whose configuration names none: it has no settings. */
export const usualSampler = uniformSampler;

/** The samplers that a configuration names. */
const namedSamplers = [relevanceSampler] as const;

/** Every sampler that a user chooses from, in the order in which help and messages name them. */
const samplers = [usualSampler, ...namedSamplers] as const;

const [firstSchema, ...otherSchemas] = namedSamplers.map(({ schema }) => schema);

/** The settings of a sampler, by its name in `kind`. */
export const samplerConfigSchema = z.discriminatedUnion('kind', [firstSchema, ...otherSchemas]);
/** What draws triplets, with all its settings. */
export type SamplerConfig = z.infer<typeof samplerConfigSchema>;

/** The name of a sampler. */
export type SamplerName = (typeof samplers)[number]['name'];
/** Their names, in the order in which help and messages give them. */
export const samplerNames: readonly SamplerName[] = samplers.map(({ name }) => name);

/** Samplers by name. */
export type SamplerTable = DefinitionTable<SamplerDefinition>;

/** A table of samplers. */
export const samplerTableOf = (all: readonly SamplerDefinition[]): SamplerTable =>
  definitionTable(all, 'sampler', 'sampler.kind');

/** Every sampler that there is; all that is said and done by a sampler's name goes by it. */
export const samplerTable = samplerTableOf(samplers);
