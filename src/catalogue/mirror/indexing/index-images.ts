import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { readSidecar, type Sidecar } from '../../metadata/sidecar.ts';
import type { StoredImage, StoreWriter } from '../../stores/vector-store.ts';
import { sourceOf, tieToSource } from '../catalogue-source.ts';
import { noteRun } from '../last-run.ts';
import { checkNamedVectors } from './check-named-vectors.ts';
import { goneFolders } from './gone-folders.ts';
import { sidecarReport } from './image-metadata.ts';
import type { IndexOptions, IndexReport } from './index-report.ts';
import { keptThumbnails } from './keep-thumbnails.ts';
import { MirrorWork } from './mirror-work.ts';
import { type MirrorPlan, planMirror } from './plan-mirror.ts';

/**
 * Makes a store mirror a dataset: embeds images that are new or whose bytes have changed, removes those that have vanished, leaves
 * the others, among them those that were added by themselves. An image whose bytes the store knows under another name has that
 * one's vector. What is below a folder that cannot be listed has not vanished. Images are stored a few hundred at a time, so that a
 * run that was killed goes on where it stopped. An image that cannot be decoded is reported; if it could be once, its old vector is
 * removed. One task at a time indexes into a store; others wait.
 *
 * A file is taken for unchanged if its length and its time of modification are as they were, else by its SHA-256.
 *
 * @throws if the store mirrors another source, or cannot be written; if the sidecar is wrong, or given vectors are not the model's.
 */
export async function indexImages(options: IndexOptions): Promise<IndexReport> {
  const { store, onWait, signal } = options;
  if (options.dryRun) return previewIndex(options, await store.images(), await sidecarOf(options));
  return store.write((writer) => mirror(writer, options), { onWait, signal });
}

/** What indexing would do with what is stored. Of images that are new it is not known yet whether they can be decoded. */
export async function previewIndex(
  options: Pick<IndexOptions, 'dataset' | 'recheck' | 'vectors' | 'leave' | 'signal'>,
  stored: readonly StoredImage[],
  sidecar: Sidecar | undefined,
): Promise<IndexReport> {
  const dataset = await options.dataset();
  const plan = await planMirror(dataset, stored, { ...options, recheck: options.recheck ?? false, sidecar });
  const counts = countsOf(plan, stored);
  const added = plan.outdated.filter(({ image }) => !counts.stored.has(image.id)).length;
  return report(dataset, plan, sidecar, {
    added: counts.added + added,
    updated: counts.updated + plan.outdated.length - added,
    moved: counts.moved,
    mended: 0,
    unreadable: plan.unreadable,
  });
}

async function mirror(writer: StoreWriter, options: IndexOptions): Promise<IndexReport> {
  const { store } = options;
  const sidecar = await sidecarOf(options);
  const dataset = await options.dataset();
  await tieToSource(store, writer, sourceOf(dataset, options.part), options.moved ?? false);
  const mended = await writer.mend();
  const stored = await store.images();
  const { recheck = false, signal, vectors, leave } = options;
  const plan = await planMirror(dataset, stored, { recheck, signal, sidecar, vectors, leave });
  await checkNamedVectors(plan.known, options);
  const counts = countsOf(plan, stored);
  const work = new MirrorWork(writer, options, counts.stored);
  // Before anything is removed: what has moved is known by what has vanished.
  const forgotten = await work.takeOver(plan.known);
  await writer.remove(plan.vanished);
  await work.describe(plan.described);
  await work.embed([...plan.outdated, ...forgotten]);
  const thumbnails = await keptThumbnails(options);
  const done = report(dataset, plan, sidecar, {
    ...(thumbnails === undefined ? {} : { thumbnails }),
    ...(vectors === undefined ? {} : { given: work.given }),
    added: work.added - counts.moved,
    updated: work.updated,
    moved: counts.moved,
    mended,
    unreadable: [...plan.unreadable, ...work.unreadable],
  });
  await noteRun(writer, done);
  await writer.tidy();
  return done;
}

async function sidecarOf({ metadata, store }: IndexOptions): Promise<Sidecar | undefined> {
  return metadata === undefined ? undefined : readSidecar(metadata, await store.fields());
}

/** How many images are known by their bytes, by what they are in the store. */
function countsOf({ known, vanished }: MirrorPlan, images: readonly StoredImage[]) {
  const stored = new Set(images.map(({ id }) => id));
  const gone = new Set(vanished);
  const fresh = known.filter(({ row }) => !stored.has(row.id));
  // Of two new copies of a file that is gone, one is where it has moved to.
  const moved = new Set(fresh.map(({ sameAs }) => sameAs).filter((id) => id !== undefined && gone.has(id))).size;
  return { stored, moved, added: fresh.length - moved, updated: known.length - fresh.length };
}

function report(
  dataset: ImageDataset,
  plan: MirrorPlan,
  sidecar: Sidecar | undefined,
  counts: Pick<IndexReport, 'added' | 'updated' | 'moved' | 'mended' | 'unreadable' | 'thumbnails' | 'given'>,
): IndexReport {
  const present = new Set(dataset.images.map(({ id }) => id));
  const elsewhere = new Set(plan.known.map(({ sameAs }) => sameAs));
  const gone = plan.vanished.filter((id) => !elsewhere.has(id));
  return {
    ...counts,
    removed: plan.vanished.length - counts.moved,
    unchanged: plan.unchanged,
    described: plan.described.length,
    goneFolders: goneFolders(gone, present),
    passedOver: dataset.passedOver ?? [],
    outOfSight: plan.outOfSight,
    ...(dataset.division === undefined ? {} : { division: dataset.division }),
    ...(sidecar === undefined ? {} : { metadata: sidecarReport(sidecar, dataset) }),
  };
}
