import path from 'node:path';
import { z } from 'zod';
import type { ImageDataset } from '../datasets/dataset.ts';
import type { VectorStore } from '../stores/vector-store.ts';

const catalogueSourceSchema = z.strictObject({
  /** The folder or file whose images a store mirrors. */
  location: z.string(),
  /** The folder that ids are relative to; null where images are not files. */
  folder: z.string().nullable(),
});

/** What a store mirrors. */
export type CatalogueSource = Readonly<z.infer<typeof catalogueSourceSchema>>;

/** The source that a dataset is. `part` is the one of a divided dataset that was loaded. */
export function sourceOf(dataset: ImageDataset, part?: string): CatalogueSource {
  const location = part === undefined ? dataset.root : `${dataset.root}#${part}`;
  const folders = { idx: null, csv: path.dirname(dataset.root) } as const;
  return {
    location,
    folder: dataset.layout in folders ? folders[dataset.layout as keyof typeof folders] : dataset.root,
  };
}

/** The source that a store mirrors; undefined if nothing was ever indexed into it. */
export async function readSource(store: VectorStore): Promise<CatalogueSource | undefined> {
  const text = await store.source();
  return text === undefined ? undefined : catalogueSourceSchema.parse(JSON.parse(text));
}

/**
 * Ties a store to the source that it mirrors from now on.
 *
 * @param moved the same images, in another place: allowed to differ from the place they were indexed at.
 * @throws if the store mirrors another source: indexing would remove every image of that one.
 */
export async function tieToSource(store: VectorStore, source: CatalogueSource, moved: boolean): Promise<void> {
  const tied = await readSource(store);
  if (tied !== undefined && tied.location !== source.location && !moved) {
    throw new Error(
      `the store '${store.uri}' mirrors '${tied.location}', and indexing '${source.location}' would remove those images: ` +
        "use another store, or the option 'moved' if those images are there now",
    );
  }
  if (tied?.location !== source.location || tied.folder !== source.folder) {
    await store.setSource(JSON.stringify(source));
  }
}

/** Where an image of a catalogue is on disk, if it is a file. */
export function pathOf(source: CatalogueSource | undefined, id: string): string | undefined {
  return source?.folder == null ? undefined : path.resolve(source.folder, id);
}
