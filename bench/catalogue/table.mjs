// The tables of docs/stores.md, of what compare-stores.mjs and peers.py measured.
//
//   node bench/catalogue/table.mjs bench/results/catalogue/stores-100k-512.json bench/results/catalogue/peers-100k-512.json
import { readFile } from 'node:fs/promises';
import { markdownTable } from '../markdown-table.mjs';

const documents = await Promise.all(
  process.argv.slice(2).map(async (file) => JSON.parse(await readFile(file, 'utf8'))),
);
const names = { lancedb: 'LanceDB', postgres: 'PostgreSQL' };
const indexes = [['index', 'looks at', 'recall@10', 'p50', 'p99', 'made in', 'bytes an image, with the vectors']];
const writing = [['store', 'loads', 'replaces one', 'a thousand', 'removes one', 'a thousand', 'bytes an image']];

for (const { about, stores = [], peers = [] } of documents) {
  for (const one of stores) {
    const name = names[one.store];
    indexes.push([`${name}, exact`, 'every vector', ...timesOf(one.exact), '', perImage(one.bytesWithoutIndex, about)]);
    for (const { kind, efforts, buildSeconds } of one.tuned.tried) {
      const { effort, recall, milliseconds } = efforts.at(-1);
      const isKept = kind === one.tuned.kept;
      const at10 = recall.find(({ k }) => k === 10).recall;
      const looks = isKept ? 'as tuned' : wordsOf(effort);
      const times = isKept ? timesOf(one.search) : [share(at10), ms(milliseconds), ''];
      const bytes = isKept ? perImage(one.bytes, about) : '';
      indexes.push([
        `${isKept ? `**${name}, ${kind}**` : `${name}, ${kind}`}`,
        looks,
        ...times,
        seconds(buildSeconds),
        bytes,
      ]);
    }
    const { load, replaceOne, replaceThousand, removeOne, removeThousand } = one;
    const rates = [load, replaceOne, replaceThousand, removeOne, removeThousand].map(({ aSecond }) => rate(aSecond));
    writing.push([name, ...rates, perImage(one.bytesAfter, about)]);
  }
  for (const one of bestOf(peers)) {
    indexes.push([one.index, one['looks at'], ...timesOf(one), seconds(one.buildSeconds), perImage(one.bytes, about)]);
  }
}
for (const line of markdownTable(indexes)) console.log(line);
console.log();
for (const line of markdownTable(writing)) console.log(line);

/** Of each index the first effort that finds enough, or the last. */
function bestOf(peers) {
  const last = new Map(peers.map((one) => [one.index, one]));
  return [...last.values()];
}

function timesOf({ recall, p50, p99 }) {
  return [share(recall), ms(p50), ms(p99)];
}

function wordsOf(effort) {
  return Object.entries(effort)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function perImage(bytes, { rows }) {
  return bytes === null || bytes === undefined ? '' : Math.round(bytes / rows).toLocaleString('en');
}

function share(value) {
  return `${(100 * value).toFixed(1)}%`;
}

function ms(value) {
  return `${value.toFixed(2)} ms`;
}

function seconds(value) {
  return value < 0.01 ? '' : `${value.toFixed(1)} s`;
}

function rate(value) {
  return `${Math.round(value).toLocaleString('en')}/s`;
}
