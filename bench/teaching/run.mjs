// What a model that was trained for shape learns of a rater who cares for colour alone: by triplets, by grids, and how many
// answers it takes when questions are chosen. Needs a build. `node bench/teaching/run.mjs [--quick] [--seeds 4,5,6]` writes
// bench/results/teaching.json: the curves of these seeds in place of what it had of them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { emojiPictures } from '../../dist/app/demo/emoji.js';
import { embedAll } from '../../dist/catalogue/embedding/embed-all.js';
import { readModel } from '../../dist/catalogue/embedding/model-file.js';
import { OnnxruntimeEngine } from '../../dist/engines/onnxruntime/onnxruntime-engine.js';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { featureEmbedder } from '../../dist/teaching/head/head-features.js';
import { partLengths } from '../../dist/teaching/head/parts-graph.js';
import { joinedBy, splitFeatures } from '../../dist/teaching/head/taught-head.js';
import { precisionOf, teachHead } from '../../dist/teaching/head/teach-head.js';
import { Committee } from '../../dist/teaching/questions/committee.js';
import { QuestionChooser } from '../../dist/teaching/questions/question-chooser.js';
import { colourRater } from './colour-rater.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seeds: { type: 'string', default: '1,2,3' } },
});
const { quick } = values;
const seeds = quick ? [1] : values.seeds.split(',').map(Number);
/** Seeds on which the rule of choosing questions was chosen; all others are fresh. */
const chosenOn = [1, 2, 3];
const every = 12;
const counts = quick ? [20, 40] : [10, 20, 30, 40, 60, 80, 100, 150, 200];
const gridCounts = quick ? [10] : [2, 5, 10, 15, 20, 30, 40];
const heldOutTriplets = 2000;

const { pictures: drawn, size } = await emojiPictures(path.join(root, 'demo/pictures'));
const pictures = drawn.filter((_, place) => place % every === 0);
const rater = colourRater(pictures.map(({ pixels }) => pixels));
const engine = await OnnxruntimeEngine.create({ threads: 2 });
const model = await readModel(path.join(root, 'models/demo/model.onnx'));
const embedder = await featureEmbedder(model, engine);
const sources = pictures.map(({ pixels }) => ({ width: size, height: size, channels: 3, data: pixels }));
const { data } = await embedAll(embedder, sources);
const features = splitFeatures(data, partLengths(model.metadata.dimension));

const seconds = ({ user, system }) => (user + system) / 1e6;

/** Triplets about pictures whose questions are kept aside. */
function aside(chooser, seed, count) {
  const random = RandomSource.fromSeed(seed, 'held-out triplets');
  const triplets = [];
  while (triplets.length < count) {
    const [query, left, right] = [0, 1, 2].map(() => random.integer(pictures.length));
    if (!chooser.isKeptAside(query) || new Set([query, left, right]).size < 3) continue;
    triplets.push(...rater.tripletsOf({ query, left, right }));
  }
  return triplets;
}

/** Precision on held-out triplets after so many answers. */
async function curve(seed, kind, active, marks) {
  const chooser = new QuestionChooser({ pictures: pictures.length, seed, keptAside: 0.2 });
  const heldOut = aside(chooser, seed, heldOutTriplets);
  // What decides whether a head is kept is apart from what is reported.
  const keptAside = aside(chooser, seed + 1000, 40);
  const committee = await Committee.open({ engine, features, seed });
  const triplets = [];
  const points = [];
  for (let asked = 0, turn = 0; asked < marks.at(-1); turn++) {
    const question = chooser[kind]({ answered: turn, answeredAside: 0 }, active ? committee.opinions : []);
    // Questions that are kept aside cost the same either way.
    if (question.keptAside) continue;
    asked++;
    triplets.push(...(kind === 'grid' ? rater.gridTripletsOf(question) : rater.tripletsOf(question)));
    // As a session does, but that it is waited for.
    if (active) await committee.keepUp(triplets);
    if (!marks.includes(asked) || triplets.length === 0) continue;
    const start = process.cpuUsage();
    const outcome = await teachHead({ features, triplets, keptAside }, { engine, seed });
    const cpu = seconds(process.cpuUsage(start));
    const [before, after] = [joinedBy(0, features), outcome.head].map((head) => precisionOf(head, features, heldOut));
    points.push({ answers: asked, triplets: triplets.length, before, after, seconds: cpu });
    console.log(kind, active ? 'active' : 'random', `seed ${seed}:`, JSON.stringify(points.at(-1)));
  }
  await committee.close();
  return { seed, kind, chosen: active ? 'active' : 'random', points };
}

const curves = [];
for (const seed of seeds) {
  for (const active of [false, true]) {
    curves.push(await curve(seed, 'grid', active, gridCounts));
    curves.push(await curve(seed, 'triplet', active, counts));
  }
}
const file = path.join(root, 'bench/results/teaching.json');
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).curves : [];
const all = [...before.filter(({ seed }) => !seeds.includes(seed)), ...curves].sort((a, b) => a.seed - b.seed);
const results = {
  command: 'node bench/teaching/run.mjs --seeds 1,2,3,4,5,6',
  pictures: pictures.length,
  model: 'models/demo/model.onnx',
  heldOutTriplets,
  chosenOn,
  curves: all,
};
if (!quick) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
await embedder.close();
await engine.close();
