import { z } from 'zod';
import { parseNote } from '../stores/store-note.ts';
import type { StoreWriter, VectorStore } from '../stores/vector-store.ts';

const lastRunSchema = z.object({
  /** When it ended, in ISO 8601. */
  at: z.string(),
  added: z.number(),
  updated: z.number(),
  moved: z.number(),
  removed: z.number(),
  unchanged: z.number(),
  unreadable: z.number(),
});

/** What the last run that came to its end did to a store, in images. */
export type LastRun = Readonly<z.infer<typeof lastRunSchema>>;

/** Notes in a store what a run did. */
export async function noteRun(
  writer: StoreWriter,
  { unreadable, ...counts }: Omit<LastRun, 'at' | 'unreadable'> & { readonly unreadable: readonly unknown[] },
): Promise<void> {
  const { added, updated, moved, removed, unchanged } = counts;
  const run: LastRun = {
    at: new Date().toISOString(),
    ...{ added, updated, moved, removed, unchanged },
    unreadable: unreadable.length,
  };
  await writer.setNote('last-run', JSON.stringify(run));
}

/** What the last run did; undefined if none came to its end. @throws if the note is damaged. */
export async function readLastRun(store: VectorStore): Promise<LastRun | undefined> {
  const text = await store.note('last-run');
  return text === undefined ? undefined : parseNote(store.uri, 'note on the last run', text, lastRunSchema);
}
