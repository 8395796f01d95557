import { setTimeout } from 'node:timers/promises';
import type { StoreStamp } from '../../src/catalogue/stores/store-stamp.ts';
import { weaviateStores } from '../../src/catalogue/stores/weaviate/store.ts';
import type { RandomSource } from '../../src/foundation/random/random-source.ts';
import { rowOf } from './pictures.ts';

/** Rows of one call. */
const rowsACall = 4;
/** Milliseconds between two searches. */
const searchPause = 30;

/** What the writer and the searcher of a store have seen. */
export class Load {
  /** The version of each image; 0 of those that were removed. */
  readonly acknowledged = new Map<string, number>();
  /** Images whose last write was not acknowledged. */
  readonly unsure = new Set<string>();
  readonly counts = { added: 0, updated: 0, removed: 0, failedWrites: 0, slowestWrite: 0 };
  readonly searches = { done: 0, failed: 0, slowest: 0, longestWithoutAnswer: 0 };
  readonly errors: string[] = [];
  #isEnding = false;
  #made = 0;

  constructor(
    private readonly uri: string,
    private readonly stamp: StoreStamp,
    private readonly random: RandomSource,
  ) {}

  end(): void {
    this.#isEnding = true;
  }

  /** Writes until it is told to end: each task of writing goes on until it fails. */
  async write(): Promise<void> {
    while (!this.#isEnding) {
      try {
        await using store = await weaviateStores.open(this.uri, this.stamp, { create: true });
        await store.write(async (writer) => {
          while (!this.#isEnding) await this.#change(writer);
        });
      } catch (error) {
        this.counts.failedWrites++;
        this.errors.push(`write: ${(error as Error).message.split('\n')[0]}`);
        await setTimeout(500);
      }
    }
  }

  /** Searches until it is told to end. */
  async search(): Promise<void> {
    await using store = await weaviateStores.open(this.uri, this.stamp);
    let answered = performance.now();
    while (!this.#isEnding) {
      const begin = performance.now();
      const { vector } = await rowOf(`query ${this.searches.done}`, 1, this.stamp.dimension);
      try {
        await store.search(vector, 10);
        const end = performance.now();
        this.searches.slowest = Math.max(this.searches.slowest, Math.round(end - begin));
        this.searches.longestWithoutAnswer = Math.max(this.searches.longestWithoutAnswer, Math.round(end - answered));
        answered = end;
      } catch (error) {
        this.searches.failed++;
        this.errors.push(`search: ${(error as Error).message.split('\n')[0]}`);
      }
      this.searches.done++;
      await setTimeout(searchPause);
    }
  }

  async add(
    writer: Parameters<Parameters<Awaited<ReturnType<typeof weaviateStores.open>>['write']>[0]>[0],
    count: number,
  ) {
    const ids = Array.from({ length: count }, () => `image ${this.#made++}`);
    await this.#acknowledging(ids, 1, async () => {
      await writer.put(await Promise.all(ids.map((id) => rowOf(id, 1, this.stamp.dimension))));
      this.counts.added += count;
    });
  }

  async #change(writer: Parameters<Load['add']>[0]): Promise<void> {
    const kind = this.random.integer(5);
    if (kind < 2) return this.add(writer, rowsACall);
    const there = [...this.acknowledged].filter(([id, version]) => version > 0 && !this.unsure.has(id));
    const ids = Array.from({ length: rowsACall }, () => there[this.random.integer(there.length)][0]);
    const chosen = [...new Set(ids)];
    if (kind === 4) {
      return this.#acknowledging(chosen, 0, async () => {
        await writer.remove(chosen);
        this.counts.removed += chosen.length;
      });
    }
    const version = 1 + Math.max(...chosen.map((id) => this.acknowledged.get(id) ?? 0));
    await this.#acknowledging(chosen, version, async () => {
      await writer.put(await Promise.all(chosen.map((id) => rowOf(id, version, this.stamp.dimension))));
      this.counts.updated += chosen.length;
    });
  }

  async #acknowledging(ids: readonly string[], version: number, write: () => Promise<void>): Promise<void> {
    for (const id of ids) this.unsure.add(id);
    const begin = performance.now();
    await write();
    this.counts.slowestWrite = Math.max(this.counts.slowestWrite, Math.round(performance.now() - begin));
    for (const id of ids) {
      this.acknowledged.set(id, version);
      this.unsure.delete(id);
    }
  }
}
