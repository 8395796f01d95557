import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../dist/foundation/files/exists.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';

/** Images of a class. */
const each = 100;

/**
 * Embeddings of unit length around one centre a class, 100 a class, and their labels, as files of float32 and int32 numbers;
 * made once. Neighbours are found by comparing with everything, so that the time does not depend on the numbers.
 *
 * @param {string} work
 * @param {number} images
 * @param {number} dimension
 */
export async function makeEmbeddings(work, images, dimension) {
  const stem = path.join(work, `embeddings-${images}-${dimension}`);
  const files = { embeddings: `${stem}.f32`, labels: `${stem}.i32` };
  if (await exists(files.labels)) return files;
  await mkdir(work, { recursive: true });
  const random = RandomSource.fromSeed(0, 'embeddings');
  // A sum of uniform numbers is round enough for a cloud.
  const noise = () => random.uniform() + random.uniform() + random.uniform() - 1.5;
  const data = new Float32Array(images * dimension);
  const labels = Int32Array.from({ length: images }, (_, image) => Math.floor(image / each));
  let centre = new Float32Array(dimension);
  for (let image = 0; image < images; image++) {
    if (image % each === 0) centre = Float32Array.from({ length: dimension }, noise);
    const row = data.subarray(image * dimension, (image + 1) * dimension);
    let square = 0;
    for (let i = 0; i < dimension; i++) {
      row[i] = centre[i] + 2.5 * noise();
      square += row[i] * row[i];
    }
    for (let i = 0; i < dimension; i++) row[i] /= Math.sqrt(square);
  }
  await writeFile(files.embeddings, new Uint8Array(data.buffer));
  await writeFile(files.labels, new Uint8Array(labels.buffer));
  return files;
}
