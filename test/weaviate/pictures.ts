import { createHash } from 'node:crypto';
import { contentHash } from '../../src/catalogue/mirror/indexing/fingerprint.ts';
import type { StoredVector } from '../../src/catalogue/stores/vector-store.ts';
import { RandomSource } from '../../src/foundation/random/random-source.ts';
import type { ImageDataset, ImageSource } from '../../src/pictures/datasets/dataset.ts';

/** Directions that vectors lie around, as embeddings of classes do. */
const centres = 50;

/** The picture that an image has in a version: pixels that no other has. */
export function pictureOf(id: string, version: number): Extract<ImageSource, { kind: 'pixels' }> {
  const data = new Uint8Array(createHash('sha256').update(`${id} ${version}`).digest());
  return { kind: 'pixels', width: 8, height: 4, channels: 1, data };
}

/** The row of an image in a version: a unit vector beside one of some centres. */
export async function rowOf(id: string, version: number, dimension: number): Promise<StoredVector> {
  const source = pictureOf(id, version);
  const random = RandomSource.fromSeed(Buffer.from(source.data).readUInt32LE(0));
  const centre = RandomSource.fromSeed(random.integer(centres));
  const vector = Float32Array.from({ length: dimension }, () => centre.normal() + random.normal());
  const length = Math.hypot(...vector);
  return {
    id,
    contentHash: await contentHash(source),
    modifiedAt: 0,
    byteLength: source.data.length,
    vector: vector.map((x) => x / length),
  };
}

/** Images in their versions, as a folder that a store mirrors. */
export function datasetOf(versions: ReadonlyMap<string, number>): ImageDataset {
  const images = [...versions].map(([id, version]) => ({ id, source: pictureOf(id, version), label: undefined }));
  return { root: '/', layout: 'flat-folder', images, classes: [] };
}
