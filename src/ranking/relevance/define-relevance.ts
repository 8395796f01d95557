import type { z } from 'zod';
import type { ImageSource } from '../../pictures/datasets/dataset.ts';
import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import type { ImageFeatures } from './feature-relevance.ts';
import type { Relevance } from './relevance.ts';
import type { RelevanceImages } from './relevance-images.ts';

/** What a relevance needs to be known by, as it stands in `config.json`: `kind` is its name. */
export type RelevanceSchema = z.ZodObject<{ readonly kind: z.ZodLiteral<string> }, z.core.$strict>;

/** Settings of any relevance. */
export interface RelevanceSettings {
  readonly kind: string;
}

/** Embeddings of images by a model file, one row an image. */
export type EmbedByModel = (file: string, sources: readonly ImageSource[]) => Promise<ImageFeatures>;

/** What relevance is made from. */
export interface RelevanceMaterial {
  readonly images: RelevanceImages;
  /** The category of each image. */
  readonly categories: Int32Array;
  /** Decides samples: of a feature's scale, and of totals that are estimated. */
  readonly seed: number;
  /** The pixels that features are taken of. */
  readonly pixels: PixelCache;
  /** Needed where relevance is by a model. */
  readonly embedByModel?: EmbedByModel | undefined;
}

/** What is written about one relevance, once. `Config` is what its schema holds. */
export interface RelevanceDescription<Schema extends RelevanceSchema> {
  /** Strict; the key `kind` is a literal, the relevance's name. A file's path is its `file`, whose hash a run keeps. */
  readonly schema: Schema;
  /** The ways to type it, for messages: `labels`, `labels:<decay>`. */
  readonly forms: readonly [string, ...string[]];
  /** How the help has it in one. Default: its first form. */
  readonly option?: string;
  /**
   * Its settings by what was typed behind its name and a colon, undefined without a colon.
   *
   * @throws UsageError if nothing can be made of it.
   */
  parse(behind: string | undefined): Omit<z.output<Schema>, 'kind'>;
  /** What `parse` would read; undefined if nothing stands behind its name. */
  behind(config: z.output<Schema>): string | undefined;
  /** @throws if a file cannot be read or makes no sense, or an image has no class. */
  load(config: z.output<Schema>, material: RelevanceMaterial): Promise<Relevance>;
}

/** A relevance as the table holds it: settings are checked before they are used. */
export interface RelevanceDefinition<Schema extends RelevanceSchema = RelevanceSchema>
  extends Pick<RelevanceDescription<Schema>, 'schema' | 'forms' | 'parse'> {
  readonly name: z.output<Schema>['kind'];
  readonly option: string;
  behind(config: RelevanceSettings): string | undefined;
  load(config: RelevanceSettings, material: RelevanceMaterial): Promise<Relevance>;
}

/** A relevance for the table: all that the configuration, the command line and the data of a run know of it. */
export function defineRelevance<Schema extends RelevanceSchema>(
  description: RelevanceDescription<Schema>,
): RelevanceDefinition<Schema> {
  const { schema, forms } = description;
  return {
    schema,
    forms,
    name: schema.shape.kind.value,
    option: description.option ?? forms[0],
    parse: (behind) => description.parse(behind),
    behind: (config) => description.behind(schema.parse(config)),
    load: (config, material) => description.load(schema.parse(config), material),
  };
}
