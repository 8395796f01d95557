import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markdownTable } from '../markdown-table.mjs';
import { entries } from './entry-list.mjs';

/** What stands around the table in a page that has more to say. */
const [opening, closing] = ['<!-- results -->', '<!-- end of results -->'];

/**
 * Writes the Markdown table of all results in a folder; entries that have none are in it, too, and say so.
 *
 * @param {string} folder of one JSON file an entry
 * @param {string} file that holds nothing else
 * @param {string} [page] that holds the table, too, between two comments
 * @throws if the page has not these comments.
 */
export async function writeResultsTable(folder, file, page) {
  const results = new Map();
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith('.json')) continue;
    const result = JSON.parse(await readFile(path.join(folder, name), 'utf8'));
    results.set(result.entry, result);
  }
  const table = resultsTable(results);
  const head =
    '# Speed: results\n\n' +
    'Made by `node bench/speed/run.mjs` from the JSON files in [results/speed](results/speed); how it is measured is written ' +
    'in [docs/performance.md](../docs/performance.md).';
  await writeFile(file, `${head}\n\n${table}`);
  if (page === undefined) return;
  const text = await readFile(page, 'utf8');
  const [from, to] = [text.indexOf(opening), text.indexOf(closing)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the table: '${opening}' and '${closing}'`);
  await writeFile(page, `${text.slice(0, from)}${opening}\n\n${table}\n${text.slice(to)}`);
}

/**
 * The table and the conditions it was made in.
 *
 * @param {ReadonlyMap<string, any>} results by entry
 */
export function resultsTable(results) {
  const rows = [];
  for (const entry of entries) {
    const result = results.get(entry.name);
    for (const figure of result?.figures ?? entry.figures) rows.push(row(entry, result, figure));
  }
  const conditions = new Map();
  for (const { entry, ...rest } of results.values()) {
    const text = conditionsOf(rest);
    conditions.set(text, [...(conditions.get(text) ?? []), `\`${entry}\``]);
  }
  const head = ['entry', 'work', 'peer', "peer's", 'ours', 'figure (lowest to highest)', 'asked', 'reached'];
  return [
    'The figure is a ratio, the peer’s time over ours, unless the work says otherwise. It is of medians; in brackets are the lowest and highest of the single rounds.',
    '',
    ...markdownTable([head, ...rows]),
    '',
    'Conditions:',
    '',
    ...[...conditions].map(([text, names]) => `- ${names.join(', ')}: ${text}`),
    ...(conditions.size === 0 ? ['- nothing has been measured yet'] : []),
    '',
  ].join('\n');
}

function row(entry, result, figure) {
  const asked =
    figure.atLeast !== undefined
      ? `at least ${figure.atLeast}`
      : figure.atMost !== undefined
        ? `at most ${figure.atMost}`
        : '';
  const work = result?.trial === undefined ? figure.work : `${figure.work} (a trial: ${result.trial})`;
  const common = [`\`${entry.name}\``, work, figure.peer ?? ''];
  const why = result === undefined ? 'not measured yet' : figure.missing;
  const ours = figure.oursAt === undefined ? '' : amount(figure.quantity, figure.oursAt.median);
  if (why !== undefined)
    return [...common, `not measured: ${why}`.replace('not measured: not', 'not'), ours, '', asked, ''];
  const digits = figure.kind === 'share' ? percent : (value) => value.toFixed(2);
  const { median, low, high } = figure.value;
  const value = `**${digits(median)}** (${digits(low)} to ${digits(high)})`;
  const theirs =
    figure.peerAt === undefined ? '' : `${amount(figure.quantity, figure.peerAt.median)}${settingOf(figure)}`;
  const verdict = figure.reached === undefined ? '' : figure.reached ? 'yes' : 'no';
  return [...common, theirs, ours, value, asked, verdict];
}

/** Which of several settings of the peer was its best. */
function settingOf({ against, peerAt }) {
  return against.length === 1 ? '' : ` (${peerAt.side.split(', ').at(-1)})`;
}

function amount(quantity, value) {
  if (quantity === 'peakBytes') return `${(value / 1e9).toFixed(2)} GB`;
  return value < 1 ? `${(1000 * value).toFixed(0)} ms` : `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

const percent = (share) => `${(100 * share).toFixed(0)}%`;

function conditionsOf({ machine, versions, threads, repeats }) {
  const python = versions.python === undefined ? '' : `; Python ${versions.python}`;
  const modules = Object.entries(versions.modules ?? {}).map(([name, version]) => `, ${name} ${version}`);
  return (
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.platform}; ${threads} threads; ` +
    `${repeats} ${repeats === 1 ? 'round' : 'rounds'}; lookalike ${versions.revision}, Node ${versions.node}, onnxruntime ${versions.onnxruntimeNode}, ` +
    `sharp ${versions.sharp}${python}${modules.join('')}`
  );
}
