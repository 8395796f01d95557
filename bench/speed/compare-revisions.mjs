import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { interleave } from './interleave.mjs';
import { parseOptions, wholeNumber } from './options.mjs';
import { makeRevisionTree } from './revision-tree.mjs';
import { measureSide } from './run-entry.mjs';
import { sameWorkCheck } from './same-work.mjs';
import { spread } from './spread.mjs';

const help = `Measures two revisions of lookalike side by side, without peers: each is built in a folder of its own, which goes afterwards.

usage: node bench/speed/compare-revisions.mjs <revision> <revision> [entry...] [options]

A revision is anything that git knows, or . for the working tree as it is. Without entries: training-step-small.
The ratio is the first revision's time over the second's: above 1 the second is faster.

options:
  --repeats <n>     rounds (default: 5)
  --threads <n>     threads that each may use (default: as many as the machine has)
  --size <n>        a smaller size of the work, for entries that have one
  --work <folder>   for photographs, models and the like, which are used again
  --json            print the result as JSON
  --help`;

async function main() {
  const { values, positionals } = parseOptions(process.argv.slice(2), {
    texts: ['repeats', 'threads', 'size', 'work'],
    flags: ['json', 'help'],
  });
  const [a, b, ...names] = positionals;
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  if (b === undefined) throw new Error('give two revisions; --help says more');
  const repeats = wholeNumber(values, 'repeats', 5);
  const threads = wholeNumber(values, 'threads', availableParallelism());
  const size = values.size === undefined ? undefined : wholeNumber(values, 'size', 0);
  const work = path.resolve(values.work ?? path.join(tmpdir(), 'lookalike-speed'));
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await mkdtemp(path.join(tmpdir(), 'lookalike-revisions-'));
  try {
    const trees = [a, b].map((revision, place) => ({ revision, root: path.join(folder, 'ab'[place]) }));
    for (const tree of trees) makeRevisionTree(root, tree.revision, tree.root);
    // The entries of the second tree: their files are made by its own build.
    const list = pathToFileURL(path.join(trees[1].root, 'bench/speed/entry-list.mjs'));
    const { chooseEntries } = await import(list.href);
    const options = { trees, repeats, threads, size, work };
    const results = [];
    for (const entry of chooseEntries(names.length === 0 ? ['training-step-small'] : names)) {
      results.push(await compareEntry(entry, options));
    }
    if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compareEntry(entry, { trees, repeats, threads, size, work }) {
  const say = (line) => process.stderr.write(`${line}\n`);
  say(`${entry.name}: ${entry.about}`);
  const { sides } = await entry.plan({ work, threads, size });
  const own = sides.filter(({ program }) => program === 'node');
  const variants = own.flatMap((side) =>
    trees.map((tree, place) => ({ name: `${side.name}, ${'ab'[place]} (${tree.revision})`, side, tree })),
  );
  const checks = new Map(own.map((side) => [side, sameWorkCheck(entry)]));
  const measure = async ({ name, side, tree }) => {
    const run = await measureSide(side, { root: tree.root, python: '', threads });
    checks.get(side)?.(name, run);
    return run;
  };
  const { runs } = await interleave(variants, repeats, measure, { mayFail: () => false, say });
  return own.map((side) => {
    const [first, second] = variants.filter((variant) => variant.side === side).map(({ name }) => runs[name]);
    const lines = ['seconds', 'peakBytes', 'share']
      .filter((quantity) => typeof first[0][quantity] === 'number')
      .map((quantity) => {
        const [from, to] = [first, second].map((list) => list.map((run) => run[quantity]));
        const rounds = spread(from.map((value, round) => value / to[round]));
        const ratio = { ...rounds, median: spread(from).median / spread(to).median };
        const figures = [ratio.median, ratio.low, ratio.high].map((value) => value.toFixed(3));
        say(`${entry.name}, ${side.name}, ${quantity}: ${figures[0]} (${figures[1]} to ${figures[2]})`);
        return { quantity, first: spread(from), second: spread(to), ratio };
      });
    return { entry: entry.name, side: side.name, revisions: trees.map(({ revision }) => revision), repeats, lines };
  });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
