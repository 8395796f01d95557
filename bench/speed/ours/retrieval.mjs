// Seconds for Recall@K and MAP@R of embeddings in a file: retrieval.mjs <float32 file> <int32 file> <dimension> <threads>
import { readFile } from 'node:fs/promises';
import { evaluateEmbeddings, OnnxruntimeEngine } from '../../../dist/index.js';
import { say } from './say.mjs';

const [embeddingsFile, labelsFile, dimension, threads] = process.argv.slice(2);
const bytes = await readFile(embeddingsFile);
const embeddings = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const labels = new Int32Array((await readFile(labelsFile)).buffer);
const engine = await OnnxruntimeEngine.create({ threads: Number(threads) });
const started = performance.now();
const { measures } = await evaluateEmbeddings({
  embeddings,
  dimension: Number(dimension),
  labels,
  engine,
  ks: [1, 5, 10],
  // What the peer does not do is made small: random triplets and confidence intervals.
  triplets: 1,
  resamples: 1,
});
const seconds = (performance.now() - started) / 1000;
await engine.close();
say(seconds, {
  images: labels.length,
  dimension: Number(dimension),
  recallAt1: measures.recallAt1.value,
  recallAt10: measures.recallAt10.value,
  mapAtR: measures.mapAtR.value,
});
