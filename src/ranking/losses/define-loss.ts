import type { z } from 'zod';
import type { BatchKind, RankingLoss } from './loss.ts';

/** A loss's settings as they stand in `config.json`: `kind` is the loss's name. */
export type LossSchema = z.ZodObject<{ readonly kind: z.ZodLiteral<string> }, z.core.$strict>;

/** Settings of any loss. */
export interface LossSettings {
  readonly kind: string;
}

/** What the batch and the run decide of a loss. */
export interface LossPlace {
  /** Most rows of a class in a batch; 0 for batches of triplets. */
  readonly imagesPerClass: number;
  /** Embeddings of earlier batches that rows are also compared with; 0 for none. */
  readonly memoryRows: number;
}

/** What people read of a loss. */
export interface LossWords {
  /** What it is, in a sentence about a run: `contrastive loss`. */
  readonly title: string;
  /** Title of the chart of active terms, and what counts as one. */
  readonly active: readonly [title: string, note: string];
  /** What other programs call it. */
  readonly elsewhere?: readonly string[];
}

/** The loss of a network that gives every picture the same embedding. */
export interface CollapsedLoss {
  readonly value: number;
  /** The value in words: `the gap`. */
  readonly words: string;
}

/** What to change where nothing is active from the start. */
export interface DeadGapRemedy {
  /** The setting that widens the gap: `a larger choices.gap (now 0.2)`. */
  readonly larger: string;
  /** Where harder terms come from. Default: what the kind of batch suggests. */
  readonly harder?: string;
  /** The loss below which nothing pushes, where the share of active terms does not tell. */
  readonly lossBelow?: number;
}

/** What is written about one loss, once. `Config` is what its schema holds. */
export interface LossDescription<Schema extends LossSchema> {
  /** Strict; the key `kind` is a literal, the loss's name. Keys that several losses have stand in `shared-settings.ts`. */
  readonly schema: Schema;
  /**
   * The numbers and names that a user may leave out, in the order in which `config.json` has them. The shared ones have an
   * option of their own (`gap`, `distance`, `temperature`), the others are given by name.
   */
  readonly defaults: Partial<Omit<z.output<Schema>, 'kind'>> & Readonly<Record<string, number | string>>;
  /** The rows that it takes. `by miner`: classes where a miner is chosen, else triplets. */
  readonly batch: BatchKind | 'by miner';
  /** Why it does not take a shared setting that others take, where it is not plain that it has no such number. */
  readonly refuses?: Readonly<Record<string, string>>;
  /** Why listed triplets are of no use to it. Default: it compares batches of classes. */
  readonly needsClasses?: string;
  readonly words: LossWords;
  /** Its value for equal embeddings of so many rows, without a memory. Left out where there is no one value. */
  collapsed?(config: z.output<Schema>, rows: number): CollapsedLoss;
  /** Only of losses that have no gradient where nothing is active. */
  deadGap?(config: z.output<Schema>): DeadGapRemedy;
  /** @throws if the settings make no loss. */
  build(config: z.output<Schema>, place: LossPlace): RankingLoss;
}

/** A loss as the table holds it: settings are checked before they are used. */
export interface LossDefinition<Schema extends LossSchema = LossSchema>
  extends Omit<LossDescription<Schema>, 'build' | 'collapsed' | 'deadGap' | 'defaults'> {
  readonly name: z.output<Schema>['kind'];
  readonly defaults: Readonly<Record<string, number | string>>;
  /** Its schema's keys but `kind`. */
  readonly settings: readonly string[];
  /** Its own numbers: those of its defaults that no other loss has. */
  readonly ownNumbers: readonly string[];
  /** The rows that it takes with these settings. */
  batchKind(config: LossSettings): BatchKind;
  /** Undefined where it has no one value. @throws if these are not its settings. */
  collapsed(config: LossSettings, rows: number): CollapsedLoss | undefined;
  /** Undefined where it pushes without active terms, too. @throws if these are not its settings. */
  deadGap(config: LossSettings): DeadGapRemedy | undefined;
  /** @throws if these are not its settings, or make no loss. */
  build(config: LossSettings, place: LossPlace): RankingLoss;
}

/** Settings that several losses have, and that a user chooses by an option of their own. */
export const sharedSettings = ['gap', 'distance', 'temperature', 'miner', 'memory'] as const;
/** The name of a setting that several losses have. */
export type SharedSetting = (typeof sharedSettings)[number];

/** A loss for the table: all that the configuration, the command line, the page and the doctor know of it. */
export function defineLoss<Schema extends LossSchema>(description: LossDescription<Schema>): LossDefinition<Schema> {
  const { schema, defaults, batch } = description;
  const shared: readonly string[] = sharedSettings;
  return {
    ...description,
    name: schema.shape.kind.value,
    settings: Object.keys(schema.shape).filter((key) => key !== 'kind'),
    ownNumbers: Object.keys(defaults).filter((key) => !shared.includes(key)),
    batchKind: (config) => {
      if (batch !== 'by miner') return batch;
      return 'miner' in config && config.miner !== undefined ? 'classes' : 'triplets';
    },
    collapsed: (config, rows) => description.collapsed?.(schema.parse(config), rows),
    deadGap: (config) => description.deadGap?.(schema.parse(config)),
    build: (config, place) => description.build(schema.parse(config), place),
  };
}
