import { createRequire } from 'node:module';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { hushLibraries } from '../../../foundation/hush-libraries.ts';

/** LanceDB, and the Arrow that it reads schemas of. */
export interface LanceDbLibrary {
  readonly lanceDb: typeof import('@lancedb/lancedb');
  readonly arrow: typeof import('apache-arrow');
}

/**
 * Loads LanceDB, which takes a quarter of a second: whoever opens no store need not wait for it.
 *
 * @throws if its native library cannot be loaded, with the system's reason.
 */
export async function loadLanceDb(): Promise<LanceDbLibrary> {
  hushLibraries();
  try {
    const lanceDb = await import('@lancedb/lancedb');
    // LanceDB has loaded this very one. An import would load its other form: 200 more files, many of them open at a time.
    const arrow: typeof import('apache-arrow') = createRequire(import.meta.url)('apache-arrow');
    return { lanceDb, arrow };
  } catch (error) {
    throw new StoreError(`LanceDB, which keeps stores, cannot be loaded: ${loaderReason(error)}`, { cause: error });
  }
}

/**
 * Why a native library was not loaded: the system's reason. The loader tries several places, tells of those where there is
 * nothing, too, and above all of a fault of npm's.
 */
function loaderReason(error: unknown): string {
  const [own, ...causes] = messagesOf(error);
  return causes.find((message) => !message.startsWith('Cannot find module')) ?? own;
}

/** The first lines of the messages of an error and of all that it comes from. */
function messagesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const causes = Array.isArray(error.cause) ? error.cause : error.cause === undefined ? [] : [error.cause];
  return [error.message.split('\n')[0], ...causes.flatMap(messagesOf)];
}
