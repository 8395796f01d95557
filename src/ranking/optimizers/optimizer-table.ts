import { z } from 'zod';
import { definitionByName } from '../../foundation/arguments/definition-by-name.ts';
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
export interface OptimizerTable {
  readonly all: readonly OptimizerDefinition[];
  /** @throws UsageError if the table has no such optimiser. */
  of(config: { readonly kind: string }): OptimizerDefinition;
}

/** A table of optimisers. */
export function optimizerTableOf(all: readonly OptimizerDefinition[]): OptimizerTable {
  const byName = definitionByName(all, 'optimizer', 'optimizer.kind');
  return { all, of: ({ kind }) => byName(kind) };
}

/** Every optimiser that there is; all that is said and done by an optimiser's name goes by it. */
export const optimizerTable = optimizerTableOf(optimizers);
