// Program and library start from a few files instead of some hundreds: Node takes longer to find and link a module than to run it.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { licence, packageFolder, packageOf } from './licences.mjs';

/** What runs in threads and processes of their own, by the file it is in: program and library start it alike. */
const threads = [
  'engines/worker/engine-worker',
  'pictures/preparation/preparation-worker',
  'pictures/decoding/process/decoder-process',
  'service/work/catalogue-worker',
  'training/data/warping-worker',
  'app/machine-speed/step-speed-process',
];
/** The program itself. */
const program = ['app/cli/main', 'app/cli/thread/command-worker'];

/** Packages that go into the bundles. Every other one, native or large, stays a package. */
const bundled = [
  '@bufbuild/protobuf',
  '@huggingface/blake3-jit',
  '@huggingface/hub',
  '@huggingface/xetchunk-wasm',
  'commander',
  'csv-parse',
  'csv-stringify',
  'fzstd',
  'hyparquet',
  'hyparquet-compressors',
  'hyparquet-writer',
  'hysnappy',
  'is-any-array',
  'ml-array-max',
  'ml-array-min',
  'ml-array-rescale',
  'ml-levenberg-marquardt',
  'ml-matrix',
  'pure-rand',
  'umap-js',
  'zod',
];

/**
 * Puts the program into `dist/cli` and the library's entries into `dist/library`, each into few files, all in that one folder:
 * a file is then found beside the one that starts it (`builtEntry(import.meta.url, 'engine-worker')`) wherever in `src` either
 * was, and the package two folders up.
 *
 * @param {string} dist what tsc made, with one file a source. `app/cli` goes: the command line is started, never imported.
 * @param {readonly string[]} library the files of the library's entries, without extension: `evaluation`.
 */
export async function bundleAll(dist, library) {
  await bundle(dist, 'library', [...library, ...threads]);
  await bundle(dist, 'cli', [...program, ...threads]);
  rmSync(path.join(dist, 'app', 'cli'), { recursive: true, force: true });
}

/** @param {string} dist @param {string} name of the folder to make in it @param {readonly string[]} entries */
async function bundle(dist, name, entries) {
  const folder = path.join(dist, name);
  const made = path.join(dist, `.${name}`);
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [path.basename(entry), path.join(dist, `${entry}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id) && !bundled.includes(packageOf(id)),
  });
  const { output } = await bundle.write({
    dir: made,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // A few lines each, which nearly every entry has some of: one file, not one for each set of entries.
    codeSplitting: { groups: [{ name: 'errors', test: /\/foundation\/(errors\/|hush-libraries)/ }] },
  });
  await bundle.close();
  const folders = new Set(
    output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds.flatMap(packageFolder) : [])),
  );
  writeFileSync(path.join(made, 'LICENSES.txt'), [...folders].sort().map(licence).join('\n'));
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
}
