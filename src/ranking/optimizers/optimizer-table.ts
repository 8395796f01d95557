import { z } from 'zod';
import { TrainingError } from '../../foundation/errors/training-error.ts';
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
  /** @throws if the table has no such optimiser. */
  of(config: { readonly kind: string }): OptimizerDefinition;
}

/** A table of optimisers. */
export function optimizerTableOf(all: readonly OptimizerDefinition[]): OptimizerTable {
  const byName = new Map(all.map((optimizer) => [optimizer.name, optimizer]));
  return {
    all,
    of({ kind }) {
      const optimizer = byName.get(kind);
      if (optimizer !== undefined) return optimizer;
      throw new TrainingError(`there is no optimizer '${kind}'; there are ${[...byName.keys()].join(', ')}`);
    },
  };
}

/** Every optimiser that there is; all that is said and done by an optimiser's name goes by it. */
export const optimizerTable = optimizerTableOf(optimizers);
