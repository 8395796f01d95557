// What 10 million, 100 million and 1 billion images need, from measured figures: the tables of docs/capacity.md.
//
//   node bench/catalogue/capacity.mjs bench/results/catalogue/stores-1m-256.json --dimension 256 --embed-ms 32
//
// Bytes grow with the numbers of an embedding and with the images.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { markdownTable } from '../markdown-table.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dimension: { type: 'string', default: '256' },
    'embed-ms': { type: 'string', default: '32' },
    cores: { type: 'string', default: '64' },
  },
});
const dimension = Number(values.dimension);
const embedMilliseconds = Number(values['embed-ms']);
const cores = Number(values.cores);
const sizes = [1e7, 1e8, 1e9];
const stores = [];
for (const file of positionals) {
  const { about, stores: measured } = JSON.parse(await readFile(file, 'utf8'));
  for (const one of measured) stores.push({ ...one, rows: about.rows, measuredDimension: about.dimension });
}

const rows = [['images', 'store', 'disk', 'of it the index', 'embedding']];
for (const size of sizes) {
  for (const store of stores) {
    const { index, whole } = bytesAnImage(store);
    const hours = (size * embedMilliseconds) / 3.6e6;
    rows.push([
      size.toLocaleString('en'),
      store.store,
      inBytes(whole * size),
      inBytes(index * size),
      `${Math.round(hours).toLocaleString('en')} h of a core, ${inHours((hours * 3600) / cores)} on ${cores}`,
    ]);
  }
}
for (const line of markdownTable(rows)) console.log(line);

/** Bytes of one image of so many dimensions: what does not depend on them is known of the metadata alone. */
function bytesAnImage({ rows: count, bytes, bytesWithoutIndex, measuredDimension }) {
  const rest = Math.max(0, bytesWithoutIndex / count - 4 * measuredDimension);
  const factor = dimension / measuredDimension;
  const index = ((bytes - bytesWithoutIndex) / count) * factor;
  return { index, whole: rest + 4 * dimension + index };
}

function inBytes(bytes) {
  return bytes < 1e12 ? `${(bytes / 1e9).toFixed(0)} GB` : `${(bytes / 1e12).toFixed(1)} TB`;
}

function inHours(seconds) {
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(seconds < 36_000 ? 1 : 0)} h`;
}
