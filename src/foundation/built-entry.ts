import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's `src` where this file is a source. */
const sources = new URL('../', import.meta.url).href;

/**
 * The file that a thread of ours runs: `name` beside the module that starts it. A thread cannot load TypeScript, so a module
 * that is run from its source (as tests do) gets the built file of the same place in `dist`.
 *
 * @param from `import.meta.url` of the module that starts the thread.
 * @param name of the thread's file, without extension.
 * @throws if the source is run and `dist` does not hold that file.
 */
export function builtEntry(from: string, name: string): URL {
  const beside = new URL(`./${name}.js`, from);
  if (!from.endsWith('.ts')) return beside;
  const built = new URL(`../dist/${beside.href.slice(sources.length)}`, sources);
  if (existsSync(built)) return built;
  throw new Error(
    `a thread runs the built file '${fileURLToPath(built)}', which is not there: build it with 'npm run build'`,
  );
}
