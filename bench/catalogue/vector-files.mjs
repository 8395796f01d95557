// What memory files of vectors take: rows are written and read as they come, so that the peak has to stay where it is while the rows
// grow.
//
//   node bench/catalogue/vector-files.mjs --rows 10000,40000,160000 --dimension 512 --out bench/results/catalogue/vector-files.json
//
// Each number is of a process of its own, which makes the rows, writes and reads them, and counts them.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readVectorFile, vectorFileEndings, writeVectorFile } from '../../dist/catalogue/exchange/vector-file.js';
import { markdownTable } from '../markdown-table.mjs';
import { describeMachine, describeVersions } from '../speed/machine.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,40000,160000' },
    dimension: { type: 'string', default: '512' },
    formats: { type: 'string', default: vectorFileEndings.join(',') },
    out: { type: 'string' },
    file: { type: 'string' },
    work: { type: 'string' },
  },
});
const dimension = Number(values.dimension);
if (values.work === undefined) await compareAll();
else await workOnce(values.work, values.file, Number(values.rows));

async function compareAll() {
  const folder = await mkdtemp(path.join(tmpdir(), 'vector-files-'));
  const measured = [];
  try {
    for (const ending of values.formats.split(',')) {
      for (const rows of values.rows.split(',').map(Number)) {
        const file = path.join(folder, `vectors${ending}`);
        const written = inProcess('write', file, rows);
        const { size } = await stat(file);
        const read = inProcess('read', file, rows);
        measured.push({ format: ending, rows, fileBytes: size, write: written, read });
        await rm(file);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const inMb = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  const head = ['format', 'rows', 'file', 'peak as it is written', 'seconds', 'peak as it is read', 'seconds'];
  const lines = measured.map(({ format, rows, fileBytes, write, read }) => [
    ...[format, rows.toLocaleString('en'), inMb(fileBytes)],
    ...[write, read].flatMap(({ peakBytes, seconds }) => [inMb(peakBytes), seconds.toFixed(1)]),
  ]);
  console.log(markdownTable([head, ...lines]));
  if (values.out === undefined) return;
  const about = {
    machine: describeMachine(),
    versions: describeVersions(path.resolve(import.meta.dirname, '../..')),
    dimension,
  };
  await writeFile(values.out, `${JSON.stringify({ about, measured }, undefined, 2)}\n`);
}

function inProcess(work, file, rows) {
  const argv = ['--work', work, '--file', file, '--rows', String(rows), '--dimension', String(dimension)];
  const { status, stdout, stderr } = spawnSync(process.execPath, [import.meta.filename, ...argv], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${work} of ${rows} rows in ${file} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

async function workOnce(work, file, rows) {
  const begun = performance.now();
  if (work === 'write') await writeVectorFile(file, { stamp: stamp(), fields: [], added: false, rows: made(rows) });
  else {
    const table = await readVectorFile(file);
    let count = 0;
    for await (const some of 'named' in table ? table.named() : table.rows()) count += some.length;
    if (count !== rows) throw new Error(`${count} rows were read, not ${rows}`);
  }
  const seconds = (performance.now() - begun) / 1000;
  console.log(JSON.stringify({ peakBytes: 1024 * process.resourceUsage().maxRSS, seconds }));
}

function stamp() {
  return { modelId: 'f'.repeat(64), modelName: 'made.onnx', dimension, distance: 'euclidean', preprocessing: '{}' };
}

async function* made(rows) {
  for (let first = 0; first < rows; first += 1000) {
    yield Array.from({ length: Math.min(1000, rows - first) }, (_, n) => ({
      id: `pictures/${first + n}.jpg`,
      contentHash: String(first + n).padStart(64, '0'),
      modifiedAt: 0,
      byteLength: 1000 + n,
      vector: Float32Array.from({ length: dimension }, (_, d) => Math.sin((first + n) * 12.9898 + d)),
    }));
  }
}
