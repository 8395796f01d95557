import { StoreError } from '../../../foundation/errors/store-error.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { readSidecar } from '../../metadata/sidecar.ts';
import type { StoreWriter } from '../../stores/vector-store.ts';
import { type SidecarReport, sidecarReport } from './image-metadata.ts';
import type { IndexOptions, IndexReport } from './index-report.ts';
import { keptThumbnails } from './keep-thumbnails.ts';
import { MirrorWork } from './mirror-work.ts';
import { planMirror } from './plan-mirror.ts';

/** Images that are added to a store, beside those of the folder that it mirrors. */
export interface AddOptions
  extends Pick<IndexOptions, 'embedder' | 'store' | 'metadata' | 'recheck' | 'onProgress' | 'onWait' | 'signal'> {
  /** The images, once no other task writes the store. */
  readonly dataset: () => Promise<ImageDataset>;
  /** Stands before their names in the store: `shop 2/`. */
  readonly prefix: string;
}

/** What adding did, in images. */
export interface AddReport
  extends Pick<IndexReport, 'added' | 'updated' | 'unchanged' | 'described' | 'unreadable' | 'passedOver'> {
  /** How the sidecar went with the images; undefined where there was none. */
  readonly metadata?: SidecarReport;
}

/**
 * Adds images to a store: those that are new or whose bytes have changed are embedded, others left alone; of bytes that the store
 * knows the vector is taken over. Nothing is removed, and `index` leaves them alone.
 *
 * @throws StoreError if the store mirrors an image of such a name.
 */
export async function addImages(options: AddOptions): Promise<AddReport> {
  const { store, onWait, signal } = options;
  return store.write((writer) => add(writer, options), { onWait, signal });
}

async function add(writer: StoreWriter, options: AddOptions): Promise<AddReport> {
  const { store, prefix, recheck = false, signal } = options;
  const sidecar =
    options.metadata === undefined ? undefined : await readSidecar(options.metadata, await store.fields());
  const dataset = await options.dataset();
  const stored = await store.images();
  const named = { ...dataset, images: dataset.images.map((image) => ({ ...image, id: `${prefix}${image.id}` })) };
  const mirrored = new Set(stored.filter(({ addedFrom }) => addedFrom === undefined).map(({ id }) => id));
  const taken = named.images.find(({ id }) => mirrored.has(id));
  if (taken !== undefined) {
    throw new StoreError(
      `the store '${store.uri}' mirrors an image called '${taken.id}': give another prefix, so that names differ`,
    );
  }
  const plan = await planMirror(named, stored, { recheck, signal, sidecar, added: true });
  const work = new MirrorWork(writer, options, new Set(stored.map(({ id }) => id)));
  const forgotten = await work.takeOver(plan.known);
  await work.describe(plan.described);
  await work.embed([...plan.outdated, ...forgotten]);
  await keptThumbnails({ store, onProgress: options.onProgress, signal });
  await writer.tidy();
  const { unchanged, described } = plan;
  return {
    added: work.added,
    updated: work.updated,
    unchanged,
    described: described.length,
    unreadable: [...plan.unreadable, ...work.unreadable],
    passedOver: dataset.passedOver ?? [],
    ...(sidecar === undefined ? {} : { metadata: sidecarReport(sidecar, named) }),
  };
}
