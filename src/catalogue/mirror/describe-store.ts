import type { MetadataField } from '../metadata/metadata.ts';
import type { IndexState } from '../stores/store-index.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import type { StoreFacts, VectorStore } from '../stores/vector-store.ts';
import { type CatalogueSource, readSource } from './catalogue-source.ts';
import { type LastRun, readLastRun } from './last-run.ts';

/** What a store holds. */
export interface StoreDescription {
  readonly stamp: StoreStamp;
  readonly images: number;
  /** Of them, those that were added by themselves. */
  readonly added: number;
  readonly fields: readonly MetadataField[];
  readonly facts: StoreFacts;
  /** The index that was measured; undefined where there is none. */
  readonly index: IndexState | undefined;
  /** The place that it mirrors; undefined if nothing was ever indexed into it. */
  readonly source: CatalogueSource | undefined;
  /** What the last `index` did that came to its end; undefined if none did. */
  readonly lastRun: LastRun | undefined;
}

/** Says what a store holds. @throws if it cannot be read. */
export async function describeStore(store: VectorStore): Promise<StoreDescription> {
  const images = await store.images();
  return {
    stamp: store.stamp,
    images: images.length,
    added: images.filter(({ addedFrom }) => addedFrom !== undefined).length,
    fields: await store.fields(),
    facts: await store.facts(),
    index: await store.indexes?.state(),
    source: await readSource(store),
    lastRun: await readLastRun(store),
  };
}
