import type { z } from 'zod';
import type { Optimizer } from './optimizer.ts';

/** An optimiser's settings as they stand in `config.json`: `kind` is its name. */
export type OptimizerSchema = z.ZodObject<{ readonly kind: z.ZodLiteral<string> }, z.core.$strict>;

/** Settings of any optimiser. */
export interface OptimizerSettings {
  readonly kind: string;
}

/** What is written about one optimiser, once. */
export interface OptimizerDescription<Schema extends OptimizerSchema> {
  /** Strict; the key `kind` is a literal, the optimiser's name. */
  readonly schema: Schema;
  /** All settings, where neither the user nor the preset says otherwise. */
  readonly defaults: Omit<z.output<Schema>, 'kind'>;
  /** Why it takes none of the options that others take: `has no …`. Default: it has no such number. */
  readonly refuses?: string;
  /** What other programs call it. */
  readonly elsewhere?: readonly string[];
  /** @param weightDecay PyTorch's number; see `TrainingConfig`. */
  build(config: z.output<Schema>, weightDecay: number): Optimizer;
}

/** An optimiser as the table holds it: settings are checked before they are used. */
export interface OptimizerDefinition<Schema extends OptimizerSchema = OptimizerSchema>
  extends Omit<OptimizerDescription<Schema>, 'build' | 'defaults'> {
  readonly name: z.output<Schema>['kind'];
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Its settings by name, each a choice of its own. */
  readonly options: readonly string[];
  /** @throws if these are not its settings. */
  build(config: OptimizerSettings, weightDecay: number): Optimizer;
}

/** An optimiser for the table: all that the configuration and the command line know of it. */
export function defineOptimizer<Schema extends OptimizerSchema>(
  description: OptimizerDescription<Schema>,
): OptimizerDefinition<Schema> {
  const { schema } = description;
  return {
    ...description,
    name: schema.shape.kind.value,
    options: Object.keys(schema.shape).filter((key) => key !== 'kind'),
    build: (config, weightDecay) => description.build(schema.parse(config), weightDecay),
  };
}
