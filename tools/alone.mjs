// Builds the page that needs no service: its script, the script of its worker, and the files that it shares with the service's page.
// onnxruntime-web is put beside them when a site is written (src/app/site), not here: 41 MB that the package need not carry.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { licence, packageFolder } from './licences.mjs';

/**
 * @param {string} source the folder `src`
 * @param {string} target the folder to make
 * @param {string} createdBy package and version, as model files have it
 */
export async function buildAlone(source, target, createdBy) {
  const [own, page] = [path.join(source, 'app', 'alone'), path.join(source, 'service', 'page')];
  const scripts = { alone: path.join(own, 'main.tsx'), 'alone-worker': path.join(own, 'worker', 'alone-worker.ts') };
  const folders = new Set();
  for (const [name, entry] of Object.entries(scripts)) {
    for (const file of await bundle(name, entry, target, createdBy)) {
      if (file.type === 'chunk') for (const folder of file.moduleIds.flatMap(packageFolder)) folders.add(folder);
    }
  }
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'LICENSES.txt'), [...folders].sort().map(licence).join('\n'));
  copyFileSync(path.join(own, 'alone.html'), path.join(target, 'index.html'));
  copyFileSync(path.join(own, 'alone.css'), path.join(target, 'alone.css'));
  for (const name of ['page.css', 'icon.svg']) copyFileSync(path.join(page, name), path.join(target, name));
}

/** @param {string} name @param {string} entry @param {string} target @param {string} createdBy */
async function bundle(name, entry, target, createdBy) {
  const bundled = await rolldown({
    input: { [name]: entry },
    platform: 'browser',
    transform: {
      jsx: { runtime: 'automatic', importSource: 'preact' },
      define: { lookalikeVersion: JSON.stringify(createdBy) },
    },
    // What a page cannot have is an error of the build, not of the page.
    onLog(level, log, handle) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      handle(level, log);
    },
  });
  const { output } = await bundled.write({
    dir: target,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    codeSplitting: false,
  });
  await bundled.close();
  return output;
}
