import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InternalError } from './errors/internal-error.ts';
import { hushLibraries } from './hush-libraries.ts';

/** Where the build puts the library's threads, from a source of this folder. */
const library = new URL('../../dist/library/', import.meta.url);

/**
 * The file that a thread of ours runs: `name` beside the module that starts it, for all of a bundle lies in one folder. A
 * thread cannot load TypeScript, so a module that is run from its source (as tests do) gets the library's file in `dist`.
 * Native libraries are hushed: in the thread it is too late.
 *
 * @param from `import.meta.url` of the module that starts the thread.
 * @param name of the thread's file, without extension.
 * @throws if the source is run and `dist` does not hold that file.
 */
export function builtEntry(from: string, name: string): URL {
  hushLibraries();
  if (!from.endsWith('.ts')) return new URL(`./${name}.js`, from);
  const built = new URL(`${name}.js`, library);
  if (existsSync(built)) return built;
  throw new InternalError(
    `a thread runs the built file '${fileURLToPath(built)}', which is not there: build it with 'npm run build'`,
  );
}
