// Serves the store in the working directory from the built files, and prints when its standard input ends for how long, at most,
// the serving thread computed between two turns of its event loop, in milliseconds of processor time: what else the machine has
// to do does not count.
import { readFileSync } from 'node:fs';

const built = (file) => import(new URL(`../../dist/${file}.js`, import.meta.url).href);
const [{ WorkerEngine }, { PreparationPool }, { loadModel }, { openCatalogue }, { startService }] = await Promise.all(
  [
    'engines/worker/worker-engine',
    'pictures/preparation/preparation-pool',
    'catalogue/embedding/embedder',
    'catalogue/mirror/open-catalogue',
    'service/http/start-service',
  ].map(built),
);

const engine = await WorkerEngine.create();
const preparation = new PreparationPool(2);
const embedder = await loadModel('model.onnx', { engine, preparation });
const catalogue = await openCatalogue('catalogue.lance', { model: embedder });
const service = await startService({ catalogue, preparation, port: 0 });
console.log(service.url);

/** Nanoseconds that this thread has computed. */
const computed = () => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]);

let longest = 0;
let before = computed();
const turns = setInterval(() => {
  const now = computed();
  longest = Math.max(longest, now - before);
  before = now;
}, 1);

process.stdin.on('end', async () => {
  clearInterval(turns);
  console.log(longest / 1e6);
  await service.close();
  process.exit();
});
process.stdin.resume();
