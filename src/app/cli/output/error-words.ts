import { memoryLimitReason } from '../../../foundation/files/memory-limit.ts';
import { abridged } from '../../../foundation/text/cut-text.ts';

/** The most letters of an error's message: parsers and native libraries may quote whole files. */
const longestMessage = 2000;

/**
 * An error as one line: its message, line breaks made spaces, the middle of a very long one left out. Where memory is short for a
 * limit of this process, that is said, too. It knows nothing of options, so that the program's first thread, which says only how
 * a command's thread has ended, loads none of what they are made from; see `errorLine`.
 *
 * @param worded what becomes of the message first. Default: nothing.
 */
export function errorWords(error: unknown, worded: (message: string) => string = (message) => message): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = worded(message).trim().split('\n');
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
