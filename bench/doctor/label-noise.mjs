// How many of the labels that the doctor says to look at are wrong: gives some pictures another class at random, trains the
// preset small on all, and counts. Kept in bench/results/label-noise.json, beside other runs. After `npm run build`:
//
//   node bench/doctor/label-noise.mjs emoji --seed 0
//   node bench/doctor/label-noise.mjs folder --folder <folder of IDX files> --seed 0
//
// --share <s>      of the pictures get a wrong label; default 0.03
// --steps <n>      default 600
// --seed <n>       default 0
// --threads <n>    default 2
// --work <folder>  for pictures and runs; default lookalike-quality in the system's folder for temporary files
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RandomSource } from '../../dist/foundation/random/random-source.js';
import { train } from '../../dist/index.js';
import { loadPictures } from '../quality/pictures.mjs';

/** Pictures of a set with more: as many as the doctor looks at. */
const most = 5000;

const text = /** @type {const} */ ({ type: 'string' });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: text, share: text, steps: text, seed: text, threads: text, work: text },
});
const [kind] = positionals;
if (kind !== 'emoji' && kind !== 'folder') throw new Error('give one set of pictures: emoji, or folder with --folder');
const share = Number(values.share ?? 0.03);
const steps = Number(values.steps ?? 600);
const seed = Number(values.seed ?? 0);
const work = values.work ?? path.join(tmpdir(), 'lookalike-quality');
const folder = path.join(work, `label-noise-${kind}-${seed}`);
await rm(folder, { recursive: true, force: true });

const { train: whole } = await loadPictures(kind, values.folder, work);
const every = Math.max(1, Math.floor(whole.images.length / most));
const images = whole.images.filter((_, place) => place % every === 0);
const random = RandomSource.fromSeed(seed, 'label noise');
const right = new Map();
const labelled = images.map((image) => {
  if (random.between(0, 1) >= share) return image;
  right.set(image.id, whole.classes[image.label]);
  // Any other class.
  const label = (image.label + 1 + random.integer(whole.classes.length - 1)) % whole.classes.length;
  return { ...image, label };
});
const run = await train({
  material: { dataset: { ...whole, images: labelled }, triplets: undefined },
  folder,
  choices: { preset: 'small', heldOut: 0, steps, seed, threads: Number(values.threads ?? 2) },
});
const finding = run.findings.find(({ kind: found }) => found === 'label-suspects');
const listed = (finding?.images ?? []).map(({ ids, note }) => ({ id: ids[0], note }));
const wrong = listed.filter(({ id }) => right.has(id));
const mended = wrong.filter(({ id, note }) => note.endsWith(` are ${right.get(id)}`));
const file = fileURLToPath(new URL('../results/label-noise.json', import.meta.url));
const results = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'));
results[`${kind === 'emoji' ? 'emoji' : path.basename(path.resolve(values.folder))}, seed ${seed}`] = {
  steps,
  images: images.length,
  classes: whole.classes.length,
  wrongLabels: right.size,
  numbers: finding?.numbers ?? null,
  listed: listed.length,
  listedAndWrong: wrong.length,
  listedWithItsOwnClass: mended.length,
  trainingSeconds: Number(run.outcome.seconds.toFixed(1)),
};
await mkdir(path.dirname(file), { recursive: true });
await writeFile(file, `${JSON.stringify(results, undefined, 2)}\n`);
process.stderr.write(
  `${right.size} of ${images.length} labels are wrong; of ${listed.length} listed ${wrong.length} are, ${mended.length} with their own class named\n`,
);
