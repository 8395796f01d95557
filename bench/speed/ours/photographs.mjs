// Seconds from files to vectors: photographs.mjs <model> <folder> <count> <threads> [engine] [precision] [decode]
// The model's start is not counted.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { embedAll, loadModel } from '../../../dist/index.js';
import { parameterCount } from './parameter-count.mjs';
import { say } from './say.mjs';

const [model, folder, count, threads, engine = 'onnxruntime', precision = 'float32', decode = 'exact'] =
  process.argv.slice(2);
const file = path.resolve(fileURLToPath(new URL('../../..', import.meta.url)), model);
const names = (await readdir(folder)).filter((name) => name.endsWith('.jpg')).sort();
const sources = names.slice(0, Number(count)).map((name) => ({ kind: 'file', path: path.join(folder, name) }));
const embedder = await loadModel(file, { engine, precision, decode, threads: Number(threads), ownThread: true });
const started = performance.now();
const { data, dimension } = await embedAll(embedder, sources);
const seconds = (performance.now() - started) / 1000;
await embedder.close();
const { network } = embedder.model.metadata;
say(seconds, { parameters: parameterCount(network), images: data.length / dimension, dimension });
