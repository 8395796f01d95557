// Builds dist/ from src/, from scratch, so that no file of an earlier build lingers: tsc makes
// one file of each source and its declarations, rolldown the few files that the library and the program start from, the page
// that is served, and the one that needs no service.
// With --if-older only where a source or a build script is newer than the build.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAlone } from './alone.mjs';
import { bundleAll } from './bundle.mjs';
import { buildPage } from './page.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
/** Written last: a build that was interrupted lacks it. */
const program = path.join(dist, 'cli', 'main.js');

if (!process.argv.includes('--if-older') || isOlder()) await build();

async function build() {
  const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  rmSync(dist, { recursive: true, force: true });
  execFileSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), '-p', path.join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  await buildPage(path.join(root, 'src', 'service', 'page'), path.join(dist, 'page'));
  await buildAlone(path.join(root, 'src'), path.join(dist, 'alone'), createdBy());
  await bundleAll(dist, libraryEntries());
  chmodSync(program, 0o755);
}

/** Package and version, as model files have it. */
function createdBy() {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return `${name} ${version}`;
}

/** The files that package.json exports: `library/evaluation.js` is `evaluation`. */
function libraryEntries() {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [] : [path.basename(target.default, '.js')],
  );
}

function isOlder() {
  if (!existsSync(program)) return true;
  const built = statSync(program).mtimeMs;
  const sources = ['src', 'tools'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(root, folder, name)),
  );
  const settings = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.page.json',
    'tsconfig.alone.json',
  ];
  return [...sources, ...settings.map((name) => path.join(root, name))].some((file) => statSync(file).mtimeMs > built);
}
