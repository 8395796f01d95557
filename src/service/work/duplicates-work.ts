import { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { type DuplicateImages, findDuplicates } from '../../catalogue/groups/find-duplicates.ts';
import { keptImage } from '../../catalogue/groups/kept-image.ts';
import { type StoredPictures, storedPictures } from '../../catalogue/groups/stored-pictures.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { advance, type Progress } from '../../foundation/progress/progress.ts';
import { openWorkStore } from './open-work-store.ts';
import type { WorkDone, WorkSettings } from './work-protocol.ts';

/** Near pairs that a thread keeps, of about 200 bytes each. */
const mostPairs = 1_000_000;
/** Images of a group that are told of. */
const mostShown = 100;

/** Groups of the near duplicates of a store. @param maxDistance how far apart they are at most; undefined for copies of one picture. */
export async function findStoreDuplicates(
  settings: WorkSettings,
  maxDistance: number | undefined,
  onProgress: (progress: Progress) => void,
): Promise<WorkDone<'duplicates'>> {
  await using store = await openWorkStore(settings.store);
  await using engine = await OnnxruntimeEngine.create({ threads: availableParallelism() });
  await using pictures = await storedPictures(store, settings.pictureLimits);
  const images = await store.count();
  const { sketchOf } = pictures;
  const found = await findDuplicates({ store, engine, maxDistance, sketchOf, mostPairs, onProgress });
  const texts: Buffer[] = [];
  for (const [place, group] of found.entries()) {
    texts.push(Buffer.from(JSON.stringify(await documentOf(group, pictures))));
    advance({ onProgress }, { work: 'measuring', unit: 'groups', done: place + 1, total: found.length });
  }
  const json = new Uint8Array(texts.reduce((sum, { length }) => sum + length, 0));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  for (const [place, text] of texts.entries()) {
    json.set(text, end);
    end += text.length;
    ends[place] = end;
  }
  const extra = found.reduce((sum, group) => sum + group.images.length - 1, 0);
  const { unseen } = pictures;
  return {
    result: { maxDistance: maxDistance ?? null, by: store.stamp.distance, unseen, images, extra, json, ends },
    transfer: [json.buffer, ends.buffer],
  };
}

/** A group as it is answered, the image to keep first. */
async function documentOf({ images, exact, diameter }: DuplicateImages, pictures: StoredPictures) {
  const sized = [];
  for (const image of images) {
    const { id, byteLength } = image;
    sized.push({ id, byteLength, ...(await pictures.sidesOf(image)) });
  }
  const kept = keptImage(sized);
  const ordered = [kept, ...sized.filter((image) => image !== kept)];
  return {
    exact,
    diameter,
    count: images.length,
    images: ordered.slice(0, mostShown).map(({ id, byteLength, width = null, height = null }) => ({
      id,
      bytes: byteLength,
      width,
      height,
    })),
  };
}
