import { z } from 'zod';
import { type DefinitionTable, definitionTable } from '../../foundation/arguments/definition-by-name.ts';
import { adamWOptimizer } from './adamw.ts';
import type { OptimizerDefinition } from './define-optimizer.ts';
import { sgdOptimizer } from './sgd.ts';

/** Every optimiser, in the order in which help and messages name them. */
const optimizers = [sgdOptimizer, adamWOptimizer] as const;

const [firstSchema, ...otherSchemas] = optimizers.map(({ schema }) => schema);

/** The settings of an optimiser, by its name in `kind`. */
export const optimizerConfigSchema = z.discriminatedUnion('kind', [firstSchema, ...otherSchemas]);
/** An optimiser by name, with all its settings. */
export type OptimizerConfig = z.infer<typeof optimizerConfigSchema>;

/** The name of an optimiser. */
export type OptimizerName = (typeof optimizers)[number]['name'];
/** Their names, in the order in which help and messages give them. */
export const optimizerNames: readonly OptimizerName[] = optimizers.map(({ name }) => name);

/** Optimisers by name. */
export type OptimizerTable = DefinitionTable<OptimizerDefinition>;

/** A table of optimisers. */
export const optimizerTableOf = (all: readonly OptimizerDefinition[]): OptimizerTable =>
  definitionTable(all, 'optimizer', 'optimizer.kind');

/** Every optimiser that there is; all that is said and done by an optimiser's name goes by it. */
export const optimizerTable = optimizerTableOf(optimizers);
