// Builds the page that the service serves: one script, one style sheet, one document, and the licences of what is in the script.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { licence, packageFolder } from './licences.mjs';

/** The page's script, and the one that it loads with the map. */
const scripts = ['main.tsx', path.join('map', 'map-canvas.ts')];
/** Files that are served as they are. */
const plain = ['index.html', 'page.css', 'icon.svg', 'docs.html', 'docs.js'];
/** What shows the service's description: files of a package, by the names that they get. */
const shown = {
  'swagger-ui.js': 'swagger-ui-bundle.js',
  'swagger-ui.css': 'swagger-ui.css',
  'swagger-ui-bundle.js.LICENSE.txt': 'swagger-ui-bundle.js.LICENSE.txt',
};

/** @param {string} source the page's sources @param {string} target the folder to make */
export async function buildPage(source, target) {
  const bundled = [];
  for (const entry of scripts) bundled.push(...(await bundleScript(path.join(source, entry), target)));
  const swagger = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const folders = new Set([
    swagger,
    ...bundled.flatMap((file) => (file.type === 'chunk' ? file.moduleIds.flatMap(packageFolder) : [])),
  ]);
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, 'LICENSES.txt'), [...folders].sort().map(licence).join('\n'));
  for (const [name, file] of Object.entries(shown)) copyFileSync(path.join(swagger, file), path.join(target, name));
  for (const name of plain) copyFileSync(path.join(source, name), path.join(target, name));
}

/** @param {string} entry @param {string} target @returns what was made, one file. */
async function bundleScript(entry, target) {
  const bundle = await rolldown({
    input: { [path.parse(entry).name.replace('main', 'page')]: entry },
    platform: 'browser',
    transform: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  });
  const { output } = await bundle.write({
    dir: target,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    codeSplitting: false,
  });
  await bundle.close();
  return output;
}
