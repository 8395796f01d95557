import {
  callback,
  type OptionRules,
  optional,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { type LongWork, longWorkRules } from '../../foundation/progress/progress.ts';
import type { IndexRecipe, MeasuredEffort, MeasuredIndex, StoreIndexes } from '../stores/store-index.ts';
import type { StoreWriter, VectorStore, WriteOptions } from '../stores/vector-store.ts';
import { type Clock, type KnownNeighbours, knownNeighbours, measureSearch } from './measure-search.ts';

/** What is asked of an index. */
export interface TuneOptions extends LongWork, Pick<WriteOptions, 'onWait'> {
  /** Images that a search mostly finds: by their time indexes are compared. Default: 10. */
  readonly k?: number | undefined;
  /** Of the `k` nearest by exact search the share that has to be found. Default: 0.98. */
  readonly recall?: number | undefined;
  /** Images of the store that are looked for, spread over all. Default: 200. */
  readonly queries?: number | undefined;
  /** Reads milliseconds. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What options of tuning have to be. */
export const tuneRules: OptionRules<TuneOptions> = {
  k: optional(wholeNumber(1)),
  recall: optional(
    valueLike<number>('a share from 0 to 1', (value) => typeof value === 'number' && value > 0 && value <= 1),
  ),
  queries: optional(wholeNumber(1)),
  clock: optional(callback()),
  ...longWorkRules,
  onWait: optional(callback()),
};

/** An index that was made and measured. */
export interface TriedIndex {
  readonly recipe: IndexRecipe;
  readonly buildSeconds: number;
  /** From the quickest on, until one finds what was asked. */
  readonly efforts: readonly MeasuredEffort[];
  /** That which finds what was asked; undefined if none does. */
  readonly sufficient: MeasuredEffort | undefined;
}

/** What was measured of a store's indexes. */
export interface TuneReport {
  readonly rows: number;
  readonly queries: number;
  readonly asked: { readonly k: number; readonly recall: number };
  /** Of an exact search, the median. */
  readonly exactMilliseconds: number;
  readonly tried: readonly TriedIndex[];
  /** The index that searches use from now on; undefined if they are exact. */
  readonly kept: MeasuredIndex | undefined;
  /** Why these indexes were tried, or none. */
  readonly reason: string;
}

/** Other numbers of neighbours at which recall is measured. */
const furtherCounts = [1, 100] as const;
const defaults = { k: 10, recall: 0.98, queries: 200 } as const;

/**
 * Measures what approximate indexes find of the nearest images by exact search, on images of the store itself, and keeps that which
 * finds the share that is asked in the shortest time; none where exact search is as quick, or none finds so much. Other tasks wait
 * to write meanwhile; searching goes on, exact.
 *
 * @throws StoreError if the store can make no indexes, or has too few images to look for.
 */
export async function tuneStore(store: VectorStore, options: TuneOptions = {}): Promise<TuneReport> {
  const { indexes } = store;
  if (indexes === undefined) throw new StoreError(`the store '${store.uri}' makes no index that could be tuned`);
  const { onWait, signal } = options;
  return store.write((writer) => tune(store, indexes, writer, options), { onWait, signal });
}

async function tune(
  store: VectorStore,
  indexes: StoreIndexes,
  writer: StoreWriter,
  options: TuneOptions,
): Promise<TuneReport> {
  const { k = defaults.k, recall = defaults.recall, clock = () => performance.now(), onProgress, signal } = options;
  const told = { onProgress, signal };
  const rows = await store.count();
  const sample = await indexes.sample(options.queries ?? defaults.queries);
  if (sample.length < 2)
    throw new StoreError(`the store '${store.uri}' has too few images to look for: index images into it`);
  const { recipes, reason } = indexes.advice(rows);
  const counts = [k, ...furtherCounts.filter((count) => count !== k && count < rows)];
  const exact = (vector: Float32Array, count: number) => store.search(vector, count, {}, { exact: true });
  const measuring = { counts, clock, ...told };
  const { known, milliseconds } = await knownNeighbours(sample, exact, { ...measuring, work: 'searching exactly' });
  const asked = { k, recall };
  const tried: TriedIndex[] = [];
  const tryOne = async (recipe: IndexRecipe) => {
    const began = clock();
    onProgress?.({ work: `making ${recipe.kind}`, unit: 'images', done: 0, total: rows });
    await writer.indexes?.make(recipe);
    const buildSeconds = (clock() - began) / 1000;
    return { recipe, buildSeconds, ...(await effortsOf(indexes, recipe, known, { ...measuring, asked })) };
  };
  for (const recipe of recipes) tried.push(await tryOne(recipe));
  let best = quickest(tried, milliseconds);
  if (best !== undefined && best !== tried.at(-1)) {
    // Made again it is another index: chance is in the making.
    const again = await tryOne(best.recipe);
    tried[tried.indexOf(best)] = again;
    best = quickest([again], milliseconds);
  }
  const facts = { asked, rows, queries: sample.length, exactMilliseconds: milliseconds };
  const kept = best && { ...facts, ...measuredOf(best), at: new Date().toISOString(), joined: 0 };
  if (kept === undefined) await writer.indexes?.drop();
  else await writer.indexes?.keep(kept);
  return { ...facts, tried, kept, reason };
}

function measuredOf({ recipe, buildSeconds, efforts }: TriedIndex) {
  return { kind: recipe.kind, build: { ...recipe.build }, buildSeconds, efforts: [...efforts] };
}

/** Measures efforts from the quickest on, until one finds what is asked at every number of neighbours. */
async function effortsOf(
  indexes: StoreIndexes,
  recipe: IndexRecipe,
  known: readonly KnownNeighbours[],
  { asked, ...measuring }: Omit<Parameters<typeof measureSearch>[2], 'work'> & { readonly asked: TuneReport['asked'] },
): Promise<Pick<TriedIndex, 'efforts' | 'sufficient'>> {
  const efforts: MeasuredEffort[] = [];
  for (const effort of recipe.efforts) {
    const search = (vector: Float32Array, k: number) => indexes.search(vector, k, effort);
    const measured = await measureSearch(known, search, { ...measuring, work: `searching by ${recipe.kind}` });
    efforts.push({ effort: { ...effort }, ...measured });
    if (measured.recall.every(({ recall }) => recall >= asked.recall)) break;
  }
  const enough = efforts.filter(({ recall }) => recall.some((one) => one.k === asked.k && one.recall >= asked.recall));
  return { efforts, sufficient: enough.sort((a, b) => a.milliseconds - b.milliseconds)[0] };
}

/** The index that finds what was asked in the shortest time, if that is less than that of exact search. */
function quickest(tried: readonly TriedIndex[], exactMilliseconds: number): TriedIndex | undefined {
  const timeOf = ({ sufficient }: TriedIndex) => sufficient?.milliseconds ?? Number.POSITIVE_INFINITY;
  const [best] = [...tried].sort((a, b) => timeOf(a) - timeOf(b));
  return best !== undefined && timeOf(best) < exactMilliseconds ? best : undefined;
}
