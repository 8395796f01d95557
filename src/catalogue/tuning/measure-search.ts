import { advance, type LongWork, type Progress } from '../../foundation/progress/progress.ts';
import type { SearchEffort } from '../stores/store-index.ts';
import type { Neighbour, StoredVector } from '../stores/vector-store.ts';

/** The nearest of an image by exact search, itself left out. */
export interface KnownNeighbours {
  readonly query: StoredVector;
  /** Nearest first. */
  readonly ids: readonly string[];
}

/** How a vector is searched by. */
export type VectorSearch = (vector: Float32Array, k: number) => Promise<readonly Neighbour[]>;

/** What searching was found to be. */
export interface MeasuredSearch {
  /** Of the k nearest the mean share that was found, for every k. */
  readonly recall: { readonly k: number; readonly recall: number }[];
  /** Of a search for the first k, the median. */
  readonly milliseconds: number;
}

/** Reads milliseconds. */
export type Clock = () => number;

/** What is measured, by which clock, and who hears of it. */
export interface MeasureOptions extends LongWork {
  /** Numbers of images that are looked for; of the first the time is taken. */
  readonly counts: readonly number[];
  readonly clock: Clock;
  readonly work: string;
}

/** The nearest of images by exact search, as many as are wanted at most, and the median time of a search for the first number. */
export async function knownNeighbours(
  queries: readonly StoredVector[],
  search: VectorSearch,
  { counts, clock, work, ...told }: MeasureOptions,
): Promise<{ readonly known: KnownNeighbours[]; readonly milliseconds: number }> {
  const most = Math.max(...counts);
  const known: KnownNeighbours[] = [];
  const times: number[] = [];
  for (const [done, query] of queries.entries()) {
    advance(told, progressOf(work, done, queries.length));
    const began = clock();
    await search(query.vector, counts[0] + 1);
    times.push(clock() - began);
    known.push({ query, ids: without(await search(query.vector, most + 1), query.id, most) });
  }
  return { known, milliseconds: median(times) };
}

/** What a way of searching finds of the nearest that are known, and how long it takes. */
export async function measureSearch(
  known: readonly KnownNeighbours[],
  search: VectorSearch,
  { counts, clock, work, ...told }: MeasureOptions,
): Promise<MeasuredSearch> {
  const shares = counts.map(() => 0);
  const times: number[] = [];
  for (const [done, { query, ids }] of known.entries()) {
    advance(told, progressOf(work, done, known.length));
    for (const [place, k] of counts.entries()) {
      const began = clock();
      const found = await search(query.vector, k + 1);
      if (place === 0) times.push(clock() - began);
      shares[place] += shareFound(without(found, query.id, k), ids.slice(0, k));
    }
  }
  const recall = counts.map((k, place) => ({ k, recall: shares[place] / known.length }));
  return { recall: recall.sort((a, b) => a.k - b.k), milliseconds: median(times) };
}

/** How much of an index a search looks at, in words: `probes 8`. */
export function effortInWords(effort: SearchEffort): string {
  return Object.entries(effort)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function without(found: readonly Neighbour[], id: string, k: number): string[] {
  return found
    .map((one) => one.id)
    .filter((one) => one !== id)
    .slice(0, k);
}

function shareFound(found: readonly string[], known: readonly string[]): number {
  if (known.length === 0) return 1;
  const there = new Set(found);
  return known.filter((id) => there.has(id)).length / known.length;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function progressOf(work: string, done: number, total: number): Progress {
  return { work, unit: 'searches', done, total };
}
