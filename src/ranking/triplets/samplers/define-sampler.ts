import type { z } from 'zod';
import type { Relevance } from '../../relevance/relevance.ts';
import type { RelevanceConfig } from '../../relevance/relevance-table.ts';
import type { ImagesByClass } from '../images-by-class.ts';
import type { TripletSource, TripletSourceState } from '../triplet-source.ts';

/** A sampler's settings as they stand in `config.json`: `kind` is the sampler's name. */
export type SamplerSchema = z.ZodObject<{ readonly kind: z.ZodLiteral<string> }, z.core.$strict>;

/** Settings of any sampler. */
export interface SamplerSettings {
  readonly kind: string;
}

/** What a user may choose of samplers, whichever takes it. */
export interface SamplerChoices {
  /** What relevance is, as `parseRelevance` reads it. */
  readonly relevance?: string | undefined;
  /** Share of triplets with a negative of another category. */
  readonly outOfClass?: number | undefined;
  /** By how much a negative of the query's category has to be less relevant than the positive. */
  readonly relevanceMargin?: number | undefined;
  /** More relevant pairs count as this relevant. */
  readonly relevanceLimit?: number | undefined;
  /** Most images that are held of a category. */
  readonly buffer?: number | undefined;
  /** Leading parts of a class's name that are its category. */
  readonly categoryLevels?: number | undefined;
}

/** Their names, in the order in which messages name them. */
export const samplerOptions = [
  'relevance',
  'outOfClass',
  'relevanceMargin',
  'relevanceLimit',
  'buffer',
  'categoryLevels',
] as const satisfies readonly (keyof SamplerChoices)[];
/** The name of such a choice. */
export type SamplerOption = (typeof samplerOptions)[number];

/** What triplets are drawn from. */
export interface SamplerMaterial {
  readonly images: ImagesByClass;
  /** How alike images are, where the sampler asks for it. */
  readonly relevance: Relevance | undefined;
}

/** A sampler with its settings and its material: it draws from the start, or goes on where it stood. */
export interface PreparedSampler {
  /** @throws if the images make no triplet. */
  fromSeed(seed: number): TripletSource;
  /** @throws if the state is of other images. */
  fromState(state: TripletSourceState): TripletSource;
}

/** What people read of a sampler. */
export interface SamplerWords {
  /** As the help names it: its name, and what it is. */
  readonly option: string;
  /** What is so where it draws, as a sentence begins: `triplets are drawn uniformly`. */
  readonly drawn: string;
}

/** What is written about one sampler, once. `Config` is what its schema holds. */
export interface SamplerDescription<Schema extends SamplerSchema> {
  /** Strict; the key `kind` is a literal, the sampler's name. */
  readonly schema: Schema;
  /** The choices that it takes. */
  readonly options: readonly SamplerOption[];
  readonly words: SamplerWords;
  /** All its settings by what a user chose. @throws if a choice is out of bounds. */
  configure(choices: SamplerChoices): Omit<z.output<Schema>, 'kind'>;
  /** What was chosen, as `configure` reads it, defaults included. */
  choicesOf(config: z.output<Schema>): SamplerChoices;
  /** The settings in a few words. */
  inWords(config: z.output<Schema>): string;
  /** What it has to know of how alike images are. Default: nothing beyond their classes. */
  relevanceOf?(config: z.output<Schema>): { readonly relevance: RelevanceConfig; readonly categoryLevels: number };
  prepare(config: z.output<Schema>, material: SamplerMaterial): PreparedSampler;
}

/** A sampler as the table holds it: settings are checked before they are used. */
export interface SamplerDefinition<Schema extends SamplerSchema = SamplerSchema> {
  readonly name: z.output<Schema>['kind'];
  readonly schema: Schema;
  readonly options: readonly SamplerOption[];
  readonly words: SamplerWords;
  /** @throws if a choice is out of bounds. */
  configure(choices: SamplerChoices): SamplerSettings;
  choicesOf(config: SamplerSettings): SamplerChoices;
  inWords(config: SamplerSettings): string;
  /** Undefined where it needs nothing beyond classes. */
  relevanceOf(
    config: SamplerSettings,
  ): { readonly relevance: RelevanceConfig; readonly categoryLevels: number } | undefined;
  prepare(config: SamplerSettings, material: SamplerMaterial): PreparedSampler;
}

/** A sampler for the table: all that the configuration, the command line and the data of a run know of it. */
export function defineSampler<Schema extends SamplerSchema>(
  description: SamplerDescription<Schema>,
): SamplerDefinition<Schema> {
  const { schema, options, words } = description;
  const name = schema.shape.kind.value;
  return {
    name,
    schema,
    options,
    words,
    configure: (choices) => ({ kind: name, ...description.configure(choices) }),
    choicesOf: (config) => description.choicesOf(schema.parse(config)),
    inWords: (config) => description.inWords(schema.parse(config)),
    relevanceOf: (config) => description.relevanceOf?.(schema.parse(config)),
    prepare: (config, material) => description.prepare(schema.parse(config), material),
  };
}
