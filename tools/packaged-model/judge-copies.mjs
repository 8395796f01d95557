// How often a changed copy of a photograph finds its original first, kind by kind, by models and by perceptual hashes:
// node tools/packaged-model/judge-copies.mjs <folder of photographs> --model <model.onnx> [--model ...] [--json]
//
// Every photograph is a query once a kind; all originals are the gallery, those of equal pixels once. Found is an original that
// is nearer than every other.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { loadModel } from '../../dist/catalogue/embedding/embedder.js';
import { loadDataset } from '../../dist/pictures/datasets/load-dataset.js';
import { differenceHash, perceptualHash } from './perceptual-hashes.mjs';

/** What happens to a photograph: RGB as a PNG, and its size, to another picture. */
const kinds = {
  'crop of 80%': (picture, { width, height }) => {
    const [w, h] = [width, height].map((side) => Math.floor(side * Math.sqrt(0.8)));
    return picture.extract({ left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h }).png();
  },
  'JPEG quality 30': (picture) => picture.jpeg({ quality: 30 }),
  'half size': (picture, { width }) => picture.resize(width >> 1).png(),
  mirrored: (picture) => picture.flop().png(),
  'brightness 1.4': (picture) => picture.linear(1.4, 0).png(),
  'brightness 0.6': (picture) => picture.linear(0.6, 0).png(),
  '5-degree turn': (picture, { width, height }) =>
    // Turned within its frame, as an editor leaves it.
    picture
      .rotate(5, { background: '#000000' })
      .png()
      .toBuffer()
      .then((turned) => withinFrame(turned, width, height)),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string', multiple: true, default: [] }, json: { type: 'boolean', default: false } },
});
if (positionals.length !== 1) {
  console.error(
    'usage: node tools/packaged-model/judge-copies.mjs <folder of photographs> --model <model.onnx> [--json]',
  );
  process.exit(2);
}
const { images } = await loadDataset(positionals[0]);
const originals = await differentPictures(images.map(({ source }) => source.path));
const judged = [];
if (!values.json)
  console.log(`| ${originals.length} photographs | ${Object.keys(kinds).join(' | ')} |\n|${' --- |'.repeat(8)}`);
for (const method of [differenceHash, perceptualHash])
  await judge(method.name, (pictures) => Promise.all(pictures.map(method)));
for (const file of values.model) {
  const model = await loadModel(file);
  await judge(path.basename(path.dirname(path.resolve(file))), async (pictures) => {
    const rows = [];
    for (const picture of pictures) rows.push(await model.embedImage(picture));
    return rows;
  });
  await model.close();
}
if (values.json) console.log(JSON.stringify({ photographs: originals.length, found: Object.fromEntries(judged) }));

async function judge(name, describe) {
  const gallery = await describe(originals);
  const shares = [];
  for (const change of Object.values(kinds)) {
    const changed = await Promise.all(
      originals.map(async (picture) => bytesOf(await change(sharp(picture), await sharp(picture).metadata()))),
    );
    const queries = await describe(changed);
    const found = queries.filter((query, own) => {
      const distances = gallery.map((row) => row.reduce((sum, value, place) => sum + (value - query[place]) ** 2, 0));
      return distances.every((distance, other) => other === own || distance > distances[own]);
    });
    shares.push(Number(((100 * found.length) / queries.length).toFixed(1)));
  }
  judged.push([name, Object.fromEntries(Object.keys(kinds).map((kind, place) => [kind, shares[place]]))]);
  if (!values.json) console.log(`| ${name} | ${shares.map((share) => `${share.toFixed(1)}%`).join(' | ')} |`);
}

/** On white, as PNG; of pictures with equal pixels the first alone. */
async function differentPictures(paths) {
  const pictures = new Map();
  for (const file of paths) {
    const { data, info } = await sharp(file)
      .flatten({ background: '#ffffff' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const hash = createHash('sha1').update(data).digest('hex');
    if (!pictures.has(hash)) pictures.set(hash, await sharp(data, { raw: info }).png().toBuffer());
  }
  return [...pictures.values()];
}

function bytesOf(picture) {
  return picture instanceof Uint8Array ? picture : picture.toBuffer();
}

async function withinFrame(turned, width, height) {
  const size = await sharp(turned).metadata();
  const [left, top] = [(size.width - width) >> 1, (size.height - height) >> 1];
  return sharp(turned).extract({ left, top, width, height }).png().toBuffer();
}
