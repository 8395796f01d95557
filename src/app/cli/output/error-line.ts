import { errorWords } from './error-words.ts';
import { inFlags } from './in-flags.ts';

/** An error as the one line that people see: `errorWords`, with flags for the choices that the library names. */
export function errorLine(error: unknown): string {
  return errorWords(error, inFlags);
}
