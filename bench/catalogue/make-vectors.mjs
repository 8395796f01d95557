// Makes vectors to measure stores with: pictures are turned, moved, mirrored and recoloured at random, and embedded by a model.
//
//   node bench/catalogue/make-vectors.mjs <folder of pictures>... --model run/model.onnx --rows 100000 -o vectors
//
// Writes vectors/rows.f32 (float32, little endian, row by row), vectors/queries.f32 (1,000 other views of the same pictures) and
// vectors/about.json. Every block of 1,000 rows has its own random numbers, so that a run that was stopped goes on.
import { appendFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { loadModel } from '../../dist/catalogue/embedding/embedder.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { augmentationPresets, sampleAugmentation } from '../../dist/pictures/augmentation/augmentation.js';
import { colourMatrices } from '../../dist/pictures/augmentation/colour-matrix.js';
import { warpImages } from '../../dist/pictures/augmentation/warp-images.js';
import { loadDataset } from '../../dist/pictures/datasets/load-dataset.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    rows: { type: 'string', default: '100000' },
    out: { type: 'string', short: 'o', default: 'vectors' },
    threads: { type: 'string', default: '1' },
  },
});
const rows = Number(values.rows);
const block = 1000;
const settings = augmentationPresets.full;

const embedder = await loadModel(values.model, { threads: Number(values.threads) });
const { width, height } = embedder.model.metadata.preprocessing;
const pictures = [];
for (const folder of positionals) pictures.push(...(await decoded(folder)));
await mkdir(values.out, { recursive: true });
const [rowsFile, queriesFile] = ['rows.f32', 'queries.f32'].map((name) => path.join(values.out, name));
const { dimension } = embedder;

await writeFile(queriesFile, bytesOf(await embedded(-1)));
const done = Math.floor((await lengthOf(rowsFile)) / (4 * dimension * block));
if ((await lengthOf(rowsFile)) > 0) await truncate(rowsFile, done * 4 * dimension * block);
const began = performance.now();
for (let part = done; part * block < rows; part++) {
  await appendFile(rowsFile, bytesOf(await embedded(part)));
  if (part % 10 === 9) {
    const seconds = (performance.now() - began) / 1000;
    console.error(`${(part + 1) * block} of ${rows}, ${Math.round(((part + 1 - done) * block) / seconds)} a second`);
  }
}
const about = {
  rows,
  dimension,
  queries: block,
  pictures: pictures.length,
  augmentation: 'full',
  model: path.basename(values.model),
};
await writeFile(path.join(values.out, 'about.json'), `${JSON.stringify(about, null, 2)}\n`);
await embedder.close();

/** Every picture of a folder, as small as the model takes them. */
async function decoded(folder) {
  const { images } = await loadDataset(folder);
  const found = [];
  for (const { source } of images) {
    const picture = sharp(source.path).flatten({ background: '#ffffff' }).removeAlpha().toColourspace('srgb');
    found.push(new Uint8Array(await picture.resize(width, height, { fit: 'fill' }).raw().toBuffer()));
  }
  return found;
}

/** The vectors of a block of views: row r is of picture r modulo the pictures. Block -1 has the queries. */
async function embedded(part) {
  const random = RandomSource.fromSeed(0, `block ${part}`);
  const length = 3 * width * height;
  const data = new Uint8Array(block * length);
  const first = part < 0 ? random.integer(pictures.length) : part * block;
  const step = part < 0 ? 7 : 1;
  for (let row = 0; row < block; row++) data.set(pictures[(first + row * step) % pictures.length], row * length);
  const sample = sampleAugmentation(settings, block, width, height, random);
  const warped = warpImages({ count: block, width, height, data }, sample, settings);
  recolour(warped, sample);
  const views = Array.from({ length: block }, (_, row) => ({
    data: warped.subarray(row * length, (row + 1) * length),
    ...{ width, height, channels: 3 },
  }));
  return embedder.embedImages(views);
}

/** The changes of colours that training makes, in place: see `recolourImages`. */
function recolour(pixels, sample) {
  const matrices = colourMatrices(sample);
  const length = 3 * width * height;
  const mixed = new Float32Array(length);
  for (let row = 0; row < sample.count; row++) {
    const m = matrices.subarray(9 * row, 9 * row + 9);
    let sum = 0;
    for (let at = 0, from = row * length; at < length; at += 3, from += 3) {
      const [r, g, b] = [pixels[from], pixels[from + 1], pixels[from + 2]];
      for (let to = 0; to < 3; to++) {
        mixed[at + to] = m[3 * to] * r + m[3 * to + 1] * g + m[3 * to + 2] * b;
        sum += mixed[at + to];
      }
    }
    const gain = (sum / length) * (sample.colour.brightness[row] / sample.colour.contrast[row] - 1);
    for (let at = 0; at < length; at++) {
      pixels[row * length + at] = Math.min(255, Math.max(0, Math.round(mixed[at] + gain)));
    }
  }
}

function bytesOf(vectors) {
  const all = new Float32Array(vectors.length * dimension);
  for (const [row, vector] of vectors.entries()) all.set(vector, row * dimension);
  return new Uint8Array(all.buffer);
}

async function lengthOf(file) {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
