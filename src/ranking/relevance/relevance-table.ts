import { z } from 'zod';
import { type DefinitionTable, definitionTable } from '../../foundation/arguments/definition-by-name.ts';
import type { RelevanceDefinition } from './define-relevance.ts';
import { colourRelevance, hogRelevance, pixelsRelevance } from './image-features.ts';
import { labelsRelevance } from './label-relevance.ts';
import { metadataRelevance } from './metadata-relevance.ts';
import { modelRelevance } from './model-relevance.ts';
import { pairsRelevance } from './pair-scores.ts';

/** Every relevance, in the order in which help and messages name them. */
const relevances = [
  labelsRelevance,
  pairsRelevance,
  metadataRelevance,
  pixelsRelevance,
  colourRelevance,
  hogRelevance,
  modelRelevance,
] as const;

const [firstSchema, ...otherSchemas] = relevances.map(({ schema }) => schema);

/** Where relevance comes from; files by their absolute paths. */
export const relevanceConfigSchema = z.discriminatedUnion('kind', [firstSchema, ...otherSchemas]);
/** What says how alike two images are. */
export type RelevanceConfig = z.infer<typeof relevanceConfigSchema>;

/** Relevance by name. */
export type RelevanceTable = DefinitionTable<RelevanceDefinition>;

/** A table of relevance. */
export const relevanceTableOf = (all: readonly RelevanceDefinition[]): RelevanceTable =>
  definitionTable(all, 'relevance', 'sampler.relevance.kind');

/** Every relevance that there is; all that is said and done by a relevance's name goes by it. */
export const relevanceTable = relevanceTableOf(relevances);
