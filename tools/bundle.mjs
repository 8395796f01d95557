// Program and library start from a few files instead of some hundreds: Node takes longer to find and link a module than to run it.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

/** What runs in threads and processes of their own, by the file it is in: program and library start it alike. */
const threads = [
  'engines/worker/engine-worker',
  'pictures/preparation/preparation-worker',
  'pictures/decoding/process/decoder-process',
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
  'pure-rand',
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
    codeSplitting: { groups: [{ name: 'errors', test: /\/foundation\/errors\// }] },
  });
  await bundle.close();
  const folders = new Set(
    output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds.flatMap(packageFolder) : [])),
  );
  writeFileSync(path.join(made, 'LICENSES.txt'), [...folders].sort().map(licence).join('\n'));
  rmSync(folder, { recursive: true, force: true });
  renameSync(made, folder);
}

/** `@scope/name/rest` is of the package `@scope/name`. @param {string} id */
function packageOf(id) {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder of the package that a module is of; none for a module of ours. @param {string} id */
function packageFolder(id) {
  const place = id.lastIndexOf('/node_modules/');
  if (place < 0) return [];
  const inside = id.slice(place + '/node_modules/'.length);
  return [path.join(id.slice(0, place), 'node_modules', packageOf(inside))];
}

/** What the licence of a package asks to be kept with copies of it. @param {string} folder */
function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined && !license.includes('Apache-2.0'))
    throw new Error(`${name} has no licence file to be kept with it`);
  const text =
    file === undefined
      ? 'The Apache License 2.0 is in the file LICENSE of this package; what else applies is said in the code where it does.'
      : readFileSync(path.join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
