import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseEntries, entries } from './entry-list.mjs';
import { growthPlot } from './growth-plot.mjs';
import { parseOptions, wholeNumber } from './options.mjs';
import { writeResultsTable } from './results-table.mjs';
import { runEntry } from './run-entry.mjs';

const help = `Measures lookalike's speed beside its peers', by the protocol in docs/performance.md. Build first: npm run build

usage: node bench/speed/run.mjs [entry...] [options]

entries (without any: all but those marked *, which take long):
${entries.map(line).join('\n')}

options:
  --python <file>    Python with the packages of bench/peers/requirements.txt (default: python3); what it lacks is said
  --repeats <n>      rounds, each side once a round (default: 5; fewer is a trial)
  --threads <n>      threads that each side may use (default: as many as the machine has)
  --size <n>         a smaller size of the work, of one entry that has one: a trial
  --work <folder>    for photographs, models and the like, which are used again (default: in the system's temporary folder)
  --output <folder>  for the results and their table (default: bench/results/speed and bench/RESULTS.md); trials need it
  --table            measure nothing, write the table anew
  --help`;

/** An entry in the help. */
function line({ name, about, takes }) {
  return `  ${takes === undefined ? ' ' : '*'} ${name.padEnd(40)} ${about}${takes === undefined ? '' : ` (${takes})`}`;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The command that `run.mjs` is.
 *
 * @param {readonly string[]} args
 * @throws if an option or an entry is wrong, or a measurement of ours fails; in one line.
 */
export async function runCommand(args) {
  const { values, positionals } = parseOptions(args, {
    texts: ['python', 'repeats', 'threads', 'size', 'work', 'output'],
    flags: ['table', 'help'],
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const chosen = chooseEntries(positionals);
  const repeats = wholeNumber(values, 'repeats', 5);
  const threads = wholeNumber(values, 'threads', availableParallelism());
  const size = values.size === undefined ? undefined : wholeNumber(values, 'size', 0);
  if (size !== undefined && (chosen.length !== 1 || chosen[0].size === undefined)) {
    const sized = entries.filter((entry) => entry.size !== undefined).map(({ name }) => name);
    throw new Error(`--size is for one entry that has a size: ${sized.join(', ')}`);
  }
  if ((size !== undefined || repeats < 5) && values.output === undefined && !values.table) {
    throw new Error('fewer than 5 rounds or another size is a trial: give --output a folder of its own for it');
  }
  const output = path.resolve(values.output ?? path.join(root, 'bench/results/speed'));
  const work = path.resolve(values.work ?? path.join(tmpdir(), 'lookalike-speed'));
  await mkdir(output, { recursive: true });
  const say = (line) => process.stderr.write(`${line}\n`);
  for (const entry of values.table ? [] : chosen) {
    say(`${entry.name}: ${entry.about}`);
    const python = values.python ?? 'python3';
    const result = await runEntry(entry, { root, python, repeats, threads, work, size, say });
    const file = path.join(output, `${entry.name}.json`);
    await writeFile(file, `${JSON.stringify(withoutPlaces(result, { work, root, python }), undefined, 2)}\n`);
    const { points } = result.figures[0];
    if (points !== undefined) await writeFile(path.join(output, `${entry.name}.svg`), growthPlot(entry.about, points));
  }
  if (values.output === undefined) {
    await writeResultsTable(output, path.join(root, 'bench/RESULTS.md'), path.join(root, 'docs/performance.md'));
  } else await writeResultsTable(output, path.join(output, 'RESULTS.md'));
}

/** Results name no folder of this machine. */
function withoutPlaces(result, { work, root, python }) {
  let text = JSON.stringify(result);
  for (const [place, name] of [
    [work, '<work>'],
    [path.resolve(root), '<clone>'],
    [path.dirname(python), '<python>'],
  ]) {
    if (place.length > 1) text = text.replaceAll(place, name);
  }
  return JSON.parse(text);
}
