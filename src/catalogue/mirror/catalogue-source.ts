import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StoreError } from '../../foundation/errors/store-error.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { parseNote } from '../stores/store-note.ts';
import type { StoredImage, StoreWriter, VectorStore } from '../stores/vector-store.ts';

const catalogueSourceSchema = z.strictObject({
  /** The folder or file whose images a store mirrors. */
  location: z.string(),
  /** The folder that ids are relative to; null where images are not files. */
  folder: z.string().nullable(),
});

/** What a store mirrors. */
export type CatalogueSource = Readonly<z.infer<typeof catalogueSourceSchema>>;

/** The source that a dataset is. `part` is what stood behind its path's last `#`, if it did. */
export function sourceOf(dataset: ImageDataset, part: string | undefined): CatalogueSource {
  // A folder may be called so itself.
  const location = part === undefined || dataset.root.endsWith(`#${part}`) ? dataset.root : `${dataset.root}#${part}`;
  const folders = { idx: null, csv: path.dirname(dataset.root) } as const;
  return {
    location,
    folder: dataset.layout in folders ? folders[dataset.layout as keyof typeof folders] : dataset.root,
  };
}

/** The source that a store mirrors; undefined if nothing was ever indexed into it. @throws if its note of that is damaged. */
export async function readSource(store: VectorStore): Promise<CatalogueSource | undefined> {
  const text = await store.note('source');
  if (text === undefined) return undefined;
  return parseNote(store.uri, 'note on the place that it mirrors', text, catalogueSourceSchema);
}

/** A store mirrors another place than the one that was to be indexed into it. */
export class OtherPlaceError extends StoreError {
  constructor(
    readonly storeUri: string,
    readonly mirrored: string,
    readonly asked: string,
  ) {
    super(otherPlace(storeUri, mirrored, asked, "the option 'moved'"));
  }

  /** The message. @param ifMoved how somebody says that the images are in the new place now. */
  inWords(ifMoved: string): string {
    return otherPlace(this.storeUri, this.mirrored, this.asked, ifMoved);
  }
}

function otherPlace(storeUri: string, mirrored: string, asked: string, ifMoved: string): string {
  return (
    `the store '${storeUri}' mirrors '${mirrored}', and indexing '${asked}' would remove those images: ` +
    `use another store, or ${ifMoved} if those images are there now`
  );
}

/**
 * Ties a store to the source that it mirrors from now on.
 *
 * @param moved the same images, in another place: allowed to differ from the place they were indexed at.
 * @throws OtherPlaceError if the store mirrors another source: indexing would remove every image of that one.
 */
export async function tieToSource(
  store: VectorStore,
  writer: StoreWriter,
  source: CatalogueSource,
  moved: boolean,
): Promise<void> {
  const tied = await readSource(store);
  // The same folder by another name, as a link has it: what is noted stays.
  if (tied !== undefined && !moved && (await isSamePlace(tied.location, source.location))) return;
  if (tied !== undefined && tied.location !== source.location && !moved) {
    throw new OtherPlaceError(store.uri, tied.location, source.location);
  }
  if (tied?.location !== source.location || tied.folder !== source.folder) {
    await writer.setNote('source', JSON.stringify(source));
  }
}

async function isSamePlace(a: string, b: string): Promise<boolean> {
  if (a === b) return false;
  const places = await Promise.all([a, b].map((place) => realpath(place).catch(() => undefined)));
  return places[0] !== undefined && places[0] === places[1];
}

/** Where an image of a catalogue is on disk, if it is a file. */
export function pathOf(
  source: CatalogueSource | undefined,
  { id, addedFrom }: Pick<StoredImage, 'id' | 'addedFrom'>,
): string | undefined {
  if (addedFrom !== undefined) return addedFrom === '' ? undefined : addedFrom;
  return source?.folder == null ? undefined : path.resolve(source.folder, id);
}
