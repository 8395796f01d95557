import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { lookalike } from './lookalike.mjs';

// What a run of auto says of new classes, and what is found, on learnt halves alone:
//   node bench/quality/said-and-found.mjs <sets> -o said-and-found.json --set fonts [--set cards]... [--deals 2] [--classes 5] [--backbone lite0.onnx]
//
// The classes of <sets>/<set>/train, by the SHA-1 of a deal's number and their names, make two halves, or two parts of --classes
// each. From each a model is learnt, which is judged on the other, so that no part is easier than the other in the mean of both.
// May be stopped and started again: what the file has is not done anew.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: 'string', short: 'o' },
    set: { type: 'string', multiple: true, default: ['fonts', 'cards'] },
    deals: { type: 'string', default: '1' },
    classes: { type: 'string' },
    backbone: { type: 'string' },
    normalize: { type: 'string', default: 'half' },
    cache: { type: 'string' },
  },
});
const [sets] = positionals;
if (sets === undefined || values.output === undefined) {
  console.error(
    'usage: node bench/quality/said-and-found.mjs <sets> -o said-and-found.json [--set name]... [--deals 1] [--classes 5]',
  );
  process.exit(2);
}
const done = existsSync(values.output) ? JSON.parse(readFileSync(values.output, 'utf8')) : [];
const backbone = values.backbone === undefined ? 'packaged' : path.basename(values.backbone);
for (const set of values.set) {
  for (let deal = 0; deal < Number(values.deals); deal++) {
    const folder = path.join(sets, set, 'train');
    const parts = halves(readdirSync(folder), deal);
    for (const [learnt, classes] of parts.entries()) {
      const same = { set, backbone, deal, learnt, classes: classes.length };
      if (done.some((one) => Object.entries(same).every(([name, value]) => one[name] === value))) continue;
      done.push({ ...same, ...learntFrom(folder, classes, parts[1 - learnt]) });
      writeFileSync(values.output, `${JSON.stringify(done, null, 2)}\n`);
      const { said, found } = done.at(-1);
      console.log(
        `${set}, deal ${deal}, ${classes.length} classes: said ${said.recallAt1.value} (${said.recallAt1.low} to ${said.recallAt1.high}), found ${found.recallAt1}`,
      );
    }
  }
}
summarize();

/** Two parts of the classes, of as many each. */
function halves(classes, deal) {
  const rank = (name) => createHash('sha1').update(`${deal} ${name}`).digest('hex');
  const ranked = [...classes].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const each = values.classes === undefined ? Math.floor(ranked.length / 2) : Number(values.classes);
  return [ranked.slice(0, each), ranked.slice(each, 2 * each)];
}

/** What a run on some classes says of new ones, and what its model finds of others. */
function learntFrom(folder, learnt, others) {
  const work = mkdtempSync(path.join(tmpdir(), 'lookalike-said-'));
  try {
    for (const [part, classes] of Object.entries({ learnt, others })) {
      for (const name of classes) cpSync(path.join(folder, name), path.join(work, part, name), { recursive: true });
    }
    const chosen =
      values.backbone === undefined ? [] : ['--backbone', values.backbone, '--normalize', values.normalize];
    const cache = values.cache === undefined ? [] : ['--feature-cache', values.cache];
    const run = path.join(work, 'run');
    const { start } = lookalike('train', path.join(work, 'learnt'), '-o', run, '--time', '20m', ...chosen, ...cache);
    const { measures } = lookalike(
      ...['evaluate', path.join(work, 'others'), '--model', path.join(run, 'model.onnx')],
    ).evaluation;
    const kept = start.newClasses.at(-1);
    return {
      said: { recallAt1: inPercent(kept.recallAt1), mapAtR: inPercent(kept.mapAtR) },
      found: { recallAt1: inPercent(measures.recallAt1).value, mapAtR: inPercent(measures.mapAtR).value },
    };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** The mean of what was said and found of each set, and how often the interval held what was found. */
function summarize() {
  for (const set of new Set(done.map((one) => one.set))) {
    const of = done.filter((one) => one.set === set);
    const mean = (figure) => (of.reduce((sum, one) => sum + figure(one), 0) / of.length).toFixed(1);
    const held = of.filter(
      ({ said, found }) => said.recallAt1.low <= found.recallAt1 && found.recallAt1 <= said.recallAt1.high,
    );
    console.log(
      `${set}: said ${mean(({ said }) => said.recallAt1.value)}, found ${mean(({ found }) => found.recallAt1)}; ${held.length} of ${of.length} within`,
    );
  }
}

/** A mean and its interval, in percent. */
function inPercent({ value, low, high }) {
  const percent = (share) => Number((100 * share).toFixed(1));
  return { value: percent(value), low: percent(low), high: percent(high) };
}
