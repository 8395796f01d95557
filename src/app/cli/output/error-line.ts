import { memoryLimitReason } from '../../../foundation/files/memory-limit.ts';
import { abridged } from '../../../foundation/text/cut-text.ts';
import { inFlags } from './in-flags.ts';

/** The most letters of an error's message: parsers and native libraries may quote whole files. */
const longestMessage = 2000;

/**
 * An error as the one line that people see: its message with flags for the choices that the library names, line breaks made spaces, the middle of a very long one left out. Where
 * memory is short for a limit of this process, that is said, too.
 */
export function errorLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = inFlags(message).trim().split('\n');
  const line = lines.map((part) => part.trim()).join(' ');
  const limit = memoryLimitReason(error);
  const reason = limit === undefined ? '' : `: ${limit}`;
  return (abridged(line, longestMessage) || 'something failed without a message') + reason;
}

/** Everything known of an error, for `--verbose`: its stack and those of its causes. */
export function errorDetails(error: unknown): string {
  const parts: string[] = [];
  for (let one = error; one !== undefined; one = one instanceof Error ? one.cause : undefined) {
    parts.push(one instanceof Error ? (one.stack ?? one.message) : String(one));
  }
  return parts.join('\ncaused by: ');
}
