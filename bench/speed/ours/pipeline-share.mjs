// Embedding over the slower of its parts, each with all cores: pipeline-share.mjs <model> <folder> <count> <threads>
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BoundedConcurrency } from '../../../dist/foundation/concurrency/bounded-concurrency.js';
import { embedAll, loadModel, WorkerEngine } from '../../../dist/index.js';
import { preprocess } from '../../../dist/pictures/preparation/preprocess.js';
import { say } from './say.mjs';

const [model, folder, count, threads] = process.argv.slice(2);
const names = (await readdir(folder)).filter((name) => name.endsWith('.jpg')).sort();
const sources = names.slice(0, Number(count)).map((name) => ({ kind: 'file', path: path.join(folder, name) }));
const engine = await WorkerEngine.create({ threads: Number(threads) });
const file = path.resolve(fileURLToPath(new URL('../../..', import.meta.url)), model);
const embedder = await loadModel(file, { engine });
const { preprocessing } = embedder.model.metadata;

const decoders = new BoundedConcurrency(Number(threads));
const decode = () => Promise.all(sources.map((source) => decoders.run(() => preprocess(source, preprocessing))));
const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return { result, rate: sources.length / ((performance.now() - started) / 1000) };
};
await embedAll(embedder, sources.slice(0, 64));
const rates = { decoder: [], network: [], pipeline: [] };
for (let round = 0; round < 3; round++) {
  const decoded = await timed(decode);
  rates.decoder.push(decoded.rate);
  const pixels = new Uint8Array(sources.length * decoded.result[0].length);
  for (const [place, picture] of decoded.result.entries()) pixels.set(picture, place * picture.length);
  rates.network.push((await timed(() => embedder.embedPixels(pixels))).rate);
  rates.pipeline.push((await timed(() => embedAll(embedder, sources))).rate);
}
await embedder.close();
await engine.close();
const middle = (values) => [...values].sort((a, b) => a - b)[1];
const [decoder, network, pipeline] = [middle(rates.decoder), middle(rates.network), middle(rates.pipeline)];
say(sources.length / pipeline, {
  share: pipeline / Math.min(decoder, network),
  images: sources.length,
  imagesPerSecond: { decoder, network, pipeline },
});
