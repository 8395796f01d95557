// What the packaged model finds, as bench/results/quality/packaged-model.json keeps it:
//   node tools/packaged-model/figures.mjs <sets> --copies <folder of photographs> [--emoji demo/pictures] [-o packaged-model.json]
//
// <sets>/<set>/test are halves of sets of which nothing was learnt; every picture is a query, all others its gallery, intervals
// over whole classes. Copies: see judge-copies.mjs. Emoji: the half of concepts that the demo is judged on. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const root = path.join(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    copies: { type: 'string' },
    emoji: { type: 'string' },
    model: { type: 'string', default: path.join(root, 'models/packaged/model.onnx') },
    output: { type: 'string', short: 'o', default: path.join(root, 'bench/results/quality/packaged-model.json') },
  },
});
const [sets] = positionals;
if (sets === undefined || values.copies === undefined) {
  console.error(
    'usage: node tools/packaged-model/figures.mjs <sets> --copies <folder of photographs> [--emoji demo/pictures] [-o packaged-model.json]',
  );
  process.exit(2);
}
const found = {};
for (const set of readdirSync(sets).sort()) found[set] = evaluated(path.join(sets, set, 'test'));
if (values.emoji !== undefined) found.emoji = evaluated(values.emoji, '--classes', 'test');
const copies = node(
  path.join(import.meta.dirname, 'judge-copies.mjs'),
  values.copies,
  '--model',
  values.model,
  '--json',
);
const file = {
  model: createHash('sha256').update(readFileSync(values.model)).digest('hex'),
  how: 'percent; exact Euclidean distances; every picture of a test half is a query, all others its gallery; 95% intervals over whole classes',
  found,
  copies,
};
writeFileSync(values.output, `${JSON.stringify(file, null, 2)}\n`);

/** Recall@1 and MAP@R of a folder, with how many pictures and classes it has. */
function evaluated(folder, ...options) {
  const main = path.join(root, 'dist/cli/main.js');
  const { measures, images, classes } = node(
    main,
    'evaluate',
    folder,
    '--model',
    values.model,
    ...options,
    '--json',
  ).evaluation;
  const percent = (share) => Number((100 * share).toFixed(1));
  const { recallAt1, mapAtR } = Object.fromEntries(
    Object.entries(measures).map(([name, { value, low, high }]) => [name, [value, low, high].map(percent)]),
  );
  console.log(`${folder}: ${recallAt1[0]} / ${mapAtR[0]}`);
  return { images, classes, recallAt1, mapAtR };
}

/** What a program of ours prints as JSON. @param {string[]} words */
function node(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
