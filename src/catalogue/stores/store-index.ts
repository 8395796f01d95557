import { z } from 'zod';
import { parseNote } from './store-note.ts';
import type { ImageFilter, Neighbour, StoredVector } from './stored-image.ts';

const numbers = z.record(z.string(), z.number());

const measuredEffortSchema = z.object({
  /** How much of the index a search looks at: `{ probes: 20 }`. */
  effort: numbers,
  /** Of the k nearest by exact search, the mean share that it finds; ascending in k. */
  recall: z.array(z.object({ k: z.int().positive(), recall: z.number().min(0).max(1) })).min(1),
  /** Of a search for as many images as were asked for, the median. */
  milliseconds: z.number().nonnegative(),
});

const measuredIndexSchema = z.object({
  kind: z.string(),
  /** The numbers that it was made with. */
  build: numbers,
  /** What was asked of it, and what a search asks by itself. */
  asked: z.object({ k: z.int().positive(), recall: z.number().min(0).max(1) }),
  /** Images that it was measured over, and how many of them were looked for. */
  rows: z.int().nonnegative(),
  queries: z.int().positive(),
  /** When, in ISO 8601. */
  at: z.string(),
  buildSeconds: z.number().nonnegative(),
  /** Of an exact search, the median. */
  exactMilliseconds: z.number().nonnegative(),
  efforts: z.array(measuredEffortSchema).min(1),
  /** Images that went into the index after it was measured, where the store does not know it otherwise. */
  joined: z.int().nonnegative().default(0),
});

/** How much of an index a search looks at. */
export type SearchEffort = Readonly<Record<string, number>>;
/** What was found of an index with an effort. */
export type MeasuredEffort = Readonly<z.infer<typeof measuredEffortSchema>>;
/** What was measured of the index of a store. */
export type MeasuredIndex = Readonly<z.infer<typeof measuredIndexSchema>>;

/** How an index is made. */
export interface IndexRecipe {
  readonly kind: string;
  readonly build: Readonly<Record<string, number>>;
  /** How much of it a search may look at, from the quickest on. */
  readonly efforts: readonly SearchEffort[];
}

/** The indexes that are worth measuring. */
export interface IndexAdvice {
  /** Empty where comparing with every vector is best. That which is mostly best comes last. */
  readonly recipes: readonly IndexRecipe[];
  /** Why these, or why none. */
  readonly reason: string;
}

/** Below so many images comparing with every vector takes no longer than asking an index. */
const fewestRows = 5000;

/** That so many images are too few for an index; undefined where they are not. */
export function tooFewToIndex(rows: number): IndexAdvice | undefined {
  if (rows >= fewestRows) return undefined;
  return {
    recipes: [],
    reason: `of ${rows} images every one is compared quickly; from ${fewestRows} on an index may pay`,
  };
}

/** The index of a store, and whether what was measured of it still holds. */
export interface IndexState {
  readonly measured: MeasuredIndex;
  /** Images that are not in it; they are compared one by one. */
  readonly beside: number;
  /** Images that went into it, or out of it, since it was measured. */
  readonly changed: number;
  /** False where so much has changed that searching is exact until the index is measured again. */
  readonly holds: boolean;
}

/** The approximate indexes that a store can make. */
export interface StoreIndexes {
  /** What is worth measuring for so many images. */
  advice(rows: number): IndexAdvice;
  /** Images spread over all of them, at most so many. */
  sample(count: number): Promise<StoredVector[]>;
  /** The `k` nearest by the index as it is, measured or not. */
  search(vector: Float32Array, k: number, effort: SearchEffort): Promise<Neighbour[]>;
  /** Undefined where there is none that was measured. */
  state(): Promise<IndexState | undefined>;
}

/** What changes the index of a store. */
export interface IndexWriter {
  /** Makes an index in place of the one that is there. No search uses it before it was kept. */
  make(recipe: IndexRecipe): Promise<void>;
  /** From now on searches use the index that is there, as far as it was measured. */
  keep(measured: MeasuredIndex): Promise<void>;
  drop(): Promise<void>;
}

/** What a search demands of an index. */
export interface SearchDemand {
  /** Compare with every vector, whatever index there is. Default: false. */
  readonly exact?: boolean | undefined;
  /** Of the nearest images the share that is to be found, by what was measured. Default: what the index was made for. */
  readonly recall?: number | undefined;
}

/** Of the images that were measured, the share that may have changed. */
const mostChanged = 0.1;

/** The state of an index that so many images went into or out of since it was measured. */
export function indexState(measured: MeasuredIndex, beside: number, changed: number): IndexState {
  return { measured, beside, changed, holds: changed <= mostChanged * measured.rows };
}

/**
 * How much of an index is to be looked at for the `k` nearest; undefined where searching has to be exact: the index does not hold any
 * more, or with no effort was as much found as is demanded. Between two numbers of images that were measured both have to suffice;
 * beyond the last one nothing is known.
 */
export function effortFor(
  { measured, holds }: IndexState,
  k: number,
  { exact = false, recall = measured.asked.recall }: SearchDemand,
): SearchEffort | undefined {
  if (exact || !holds) return undefined;
  return measured.efforts
    .filter(({ recall: found }) => leastRecall(found, k) >= recall)
    .sort((a, b) => a.milliseconds - b.milliseconds)[0]?.effort;
}

/**
 * How much of a store's index a search looks at; undefined where it has to be exact: as `effortFor` says, and where a filter narrows it,
 * for what an index finds of those images was not measured. The state is asked for where it matters alone.
 */
export async function effortOfSearch(
  stateOf: () => Promise<IndexState | undefined>,
  k: number,
  filter: ImageFilter,
  demand: SearchDemand,
): Promise<SearchEffort | undefined> {
  if (demand.exact === true || narrows(filter)) return undefined;
  const state = await stateOf();
  return state && effortFor(state, k, demand);
}

/** True if a filter may leave an image out. */
function narrows({ prefix = '', only, except = [], where }: ImageFilter): boolean {
  return prefix !== '' || only !== undefined || except.length > 0 || where !== undefined;
}

function leastRecall(found: MeasuredEffort['recall'], k: number): number {
  const above = found.find((one) => one.k >= k);
  if (above === undefined) return 0;
  const below = found.filter((one) => one.k <= k).at(-1) ?? above;
  return Math.min(above.recall, below.recall);
}

/** The note of a store without an index that searches use. */
export const noIndex = 'null';

/** The note of a store on its index: what was measured, or that there is none. @throws StoreError if it is damaged. */
export function parseMeasuredIndex(uri: string, text: string | undefined): MeasuredIndex | undefined {
  if (text === undefined) return undefined;
  return parseNote(uri, 'note on its index', text, measuredIndexSchema.nullable()) ?? undefined;
}
