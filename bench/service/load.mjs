// How many searches a service answers, how fast, and in how much memory: clients that each send one picture after the other.
//
//   node bench/service/load.mjs <folder of vectors> --model run/model.onnx --pictures <folder> --store load.lance --json load.json
//
// `bench/catalogue/make-vectors.mjs` makes the vectors (rows.f32, about.json) by the same model. The store is filled with them and its
// index measured where it is not there yet; `--exact` leaves it without an index. The embedder's own throughput, of the same
// pictures from memory, decoded and embedded by the library on all cores, is measured before the load and after it. The clients
// run on the same cores as the service. Memory is what Linux says of the service's process, and so is its processor time, by the names
// of its threads: `node` are JavaScript's, the network's and those that decode, `tokio-rt-worker` and `lance-cpu` LanceDB's.
import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel } from '../../dist/catalogue/embedding/embedder.js';
import { modelStamp } from '../../dist/catalogue/mirror/model-stamp.js';
import { kindOfStore } from '../../dist/catalogue/stores/store-kinds.js';
import { tuneStore } from '../../dist/catalogue/tuning/tune-store.js';
import { exists } from '../../dist/foundation/files/exists.js';
import { loadDataset } from '../../dist/pictures/datasets/load-dataset.js';
import { saidUrl } from '../../tools/said-url.mjs';
import { spreadOf } from '../catalogue/search-times.mjs';
import { describeMachine, describeVersions } from '../speed/machine.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    pictures: { type: 'string' },
    store: { type: 'string', default: 'load.lance' },
    requests: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '8' },
    exact: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const root = path.join(import.meta.dirname, '../..');
const [requests, clients] = [Number(values.requests), Number(values.clients)];
/** Different pictures that are sent, and searches before anything is measured. */
const [different, warmUp] = [500, 300];
const machine = { ...describeMachine(), ...describeVersions(root) };
const pictures = await somePictures();
const threads = availableParallelism();
const embedder = await loadModel(values.model, { threads });
const vectors = (await exists(values.store)) ? undefined : await fillStore();
const before = await embeddingOf();
const load = await underLoad();
const after = await embeddingOf();
await embedder.close();

const own = (before.aSecond + after.aSecond) / 2;
const ownMilliseconds = (before.processorMilliseconds + after.processorMilliseconds) / 2;
const usedMilliseconds = Object.values(load.processorMilliseconds).reduce((sum, one) => sum + one, 0);
const document = {
  at: new Date().toISOString(),
  machine,
  ...{ clients, requests, vectors, exact: values.exact, threads },
  pictureBytes: Math.round(pictures.reduce((sum, { length }) => sum + length, 0) / pictures.length),
  embedder: { before, after, aSecond: own },
  ...load,
  share: load.aSecond / own,
  // The same where other programs take turns on the processors, so that times of the clock say little.
  processorShare: ownMilliseconds / usedMilliseconds,
};
console.log(JSON.stringify(document, null, 2));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(document, null, 2)}\n`);
if (load.errors > 0) process.exitCode = 1;

/** Bytes of files, from all over the folder. */
async function somePictures() {
  const { images } = await loadDataset(values.pictures);
  const step = Math.max(1, Math.floor(images.length / different));
  const chosen = images.filter((_, place) => place % step === 0).slice(0, different);
  return Promise.all(chosen.map(({ source }) => readFile(source.path)));
}

async function fillStore() {
  const [folder] = positionals;
  const { dimension, rows } = JSON.parse(await readFile(path.join(folder, 'about.json'), 'utf8'));
  const bytes = await readFile(path.join(folder, 'rows.f32'));
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, rows * dimension);
  const store = await kindOfStore(values.store).open(values.store, modelStamp(embedder.model), { create: true });
  await store.write(async (writer) => {
    for (let first = 0; first < rows; first += 2000) {
      await writer.put(
        Array.from({ length: Math.min(2000, rows - first) }, (_, place) => {
          const row = first + place;
          const vector = all.slice(row * dimension, (row + 1) * dimension);
          return { id: `p${row}`, contentHash: `${row}`.padStart(64, '0'), modifiedAt: 0, byteLength: 1, vector };
        }),
      );
    }
    await writer.tidy();
  });
  if (!values.exact) console.error('index', JSON.stringify((await tuneStore(store, {})).kept));
  await store.close();
  return rows;
}

/** Pictures a second of the library itself, and what one takes of the processors: three rounds after one that is not counted. */
async function embeddingOf() {
  const many = Array.from({ length: different }, (_, place) => pictures[place % pictures.length]);
  await embedder.embedImages(many);
  const [began, used] = [performance.now(), process.cpuUsage()];
  for (let round = 0; round < 3; round++) await embedder.embedImages(many);
  const { user, system } = process.cpuUsage(used);
  const embedded = 3 * many.length;
  return {
    aSecond: (1000 * embedded) / (performance.now() - began),
    processorMilliseconds: (user + system) / 1000 / embedded,
  };
}

async function underLoad() {
  const program = path.join(root, 'dist/cli/main.js');
  const serving = ['serve', '--store', values.store, '--model', values.model, '--port', '0'];
  const service = spawn(process.execPath, [program, ...serving], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => service.on('exit', resolve));
  try {
    const url = await saidUrl(service);
    const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
    await manySearches(url, agent, warmUp, () => undefined);
    const memory = [];
    const usedBefore = await processorOf(service.pid);
    const ownBefore = process.cpuUsage();
    const began = performance.now();
    const { times, errors, slowest } = await manySearches(url, agent, requests, async (done) => {
      if (done % 500 === 0) memory.push({ requests: done, bytes: await memoryOf(service.pid) });
    });
    const seconds = (performance.now() - began) / 1000;
    const used = await processorOf(service.pid);
    const { user, system } = process.cpuUsage(ownBefore);
    agent.destroy();
    return {
      seconds,
      aSecond: requests / seconds,
      errors,
      milliseconds: { ...spreadOf(times), most: slowest },
      processorMilliseconds: {
        ...Object.fromEntries(
          Object.entries(used).map(([name, ms]) => [name, (ms - (usedBefore[name] ?? 0)) / requests]),
        ),
        clients: (user + system) / 1000 / requests,
      },
      memory: { ...growthOf(memory), course: memory },
    };
  } finally {
    service.kill('SIGTERM');
    await ended;
  }
}

/** So many searches by all clients together; each begins its next when it has read the answer to the one before. */
async function manySearches(url, agent, count, onDone) {
  const times = [];
  let [next, errors, slowest] = [0, 0, 0];
  const client = async () => {
    while (next < count) {
      const place = next++;
      const from = performance.now();
      const status = await search(url, agent, pictures[place % pictures.length]).catch(() => 0);
      const took = performance.now() - from;
      if (status !== 200) errors++;
      times.push(took);
      slowest = Math.max(slowest, took);
      await onDone(times.length);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { times, errors, slowest };
}

/** The status of the answer to one search, which is read to its end. */
function search(url, agent, picture) {
  const boundary = 'lookalike-load';
  const part = (name, head) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${head}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(`${part('request', '')}{"k":10}\r\n`),
    Buffer.from(part('image', '; filename="a"\r\nContent-Type: application/octet-stream')),
    picture,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const asked = http.request(`${url}/v1/search`, { method: 'POST', agent, headers }, (answer) => {
      answer.on('end', () => resolve(answer.statusCode)).on('error', reject);
      answer.resume();
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

/** Milliseconds of processors that a process's threads have had, by their names. */
async function processorOf(pid) {
  const used = {};
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => undefined);
    // It has ended meanwhile.
    if (text === undefined) continue;
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const [user, system] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    // Linux counts in hundredths of a second.
    used[name] = (used[name] ?? 0) + 10 * (user + system);
  }
  return used;
}

/** Of the course of memory: its median in the second and in the last quarter, and how much more the latter is. */
function growthOf(memory) {
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  const medianOf = (part) => part.map(({ bytes }) => bytes).sort((a, b) => a - b)[Math.floor(part.length / 2)];
  const [second, last] = [memory.slice(quarter, 2 * quarter), memory.slice(-quarter)].map(medianOf);
  return { secondQuarter: second, lastQuarter: last, growth: last / second - 1 };
}
