import { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { copyDistance } from '../../catalogue/groups/copy-distance.ts';
import { findDuplicates } from '../../catalogue/groups/find-duplicates.ts';
import { type JudgedDuplicates, judgeDuplicates } from '../../catalogue/groups/judge-duplicates.ts';
import { sampledFiles } from '../../catalogue/groups/sampled-files.ts';
import type { VectorStore } from '../../catalogue/stores/vector-store.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { LongWork, Progress } from '../../foundation/progress/progress.ts';
import { openWorkStore } from './open-work-store.ts';
import type { WorkDone, WorkSettings } from './work-protocol.ts';

/** Pictures that copies are made of, where no distance is given. */
const sampledPictures = 100;
/** Near pairs that a thread keeps, of about 200 bytes each. */
const mostPairs = 1_000_000;
/** Images of a group that are told of. */
const mostShown = 100;

/** Groups of the near duplicates of a store. @param given how far apart they are at most. */
export async function findStoreDuplicates(
  settings: WorkSettings,
  given: number | undefined,
  onProgress: (progress: Progress) => void,
): Promise<WorkDone<'duplicates'>> {
  await using store = await openWorkStore(settings.store);
  await using engine = await OnnxruntimeEngine.create({ threads: availableParallelism() });
  const measured = given === undefined ? await measuredDistance(settings, store, engine, { onProgress }) : undefined;
  const maxDistance = given ?? measured?.distance ?? 0;
  const images = await store.count();
  const found = await findDuplicates({ store, engine, maxDistance, mostPairs, onProgress });
  const { pictureLimits } = settings;
  const groups = await judgeDuplicates(found, { store, pictureLimits, onProgress });
  const texts = groups.map((group) => Buffer.from(JSON.stringify(documentOf(group))));
  const json = new Uint8Array(texts.reduce((sum, { length }) => sum + length, 0));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [place, text] of texts.entries()) {
    json.set(text, end);
    end += text.length;
    ends[place] = end;
  }
  const extra = groups.reduce((sum, group) => sum + group.images.length - 1, 0);
  const copies = measured?.pictures ?? null;
  return {
    result: { maxDistance, by: store.stamp.distance, copies, images, extra, json, ends },
    transfer: [json.buffer, ends.buffer],
  };
}

async function measuredDistance(settings: WorkSettings, store: VectorStore, engine: Engine, work: LongWork) {
  const files = await sampledFiles(store, sampledPictures);
  if (files.length === 0) {
    throw new UsageError('no image of the store is a file that copies can be made of: say how near is near', {
      path: 'maxDistance',
      expected: 'a distance',
      value: undefined,
    });
  }
  await using embedder = await loadModel(settings.model, { engine, pictureLimits: settings.pictureLimits });
  // Until then the embedder is open.
  return await copyDistance({ ...work, embedder, distance: store.stamp.distance, files });
}

/** A group as it is answered, the image to keep first. */
function documentOf({ exact, diameter, keep, images }: JudgedDuplicates) {
  const ordered = [...images.filter(({ id }) => id === keep), ...images.filter(({ id }) => id !== keep)];
  return {
    exact,
    diameter,
    count: images.length,
    images: ordered.slice(0, mostShown).map(({ id, byteLength, width, height }) => ({
      id,
      bytes: byteLength,
      width: width ?? null,
      height: height ?? null,
    })),
  };
}
