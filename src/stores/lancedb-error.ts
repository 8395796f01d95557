import { constants } from 'node:os';
import { fileError } from '../files/file-error.ts';

/**
 * One line for an operation on a LanceDB store that failed. LanceDB's messages are chains of causes with places in its
 * source; what is kept is the operating system's error, if there is one in it, or else the first sentence.
 *
 * @param action the verb behind "cannot": `write the store`, `open the store`.
 */
export function lanceDbError(action: string, uri: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const number = /\(os error (\d+)\)|Os \{ code: (\d+)/.exec(message);
  const code = number === null ? undefined : codeOfNumber(Number(number[1] ?? number[2]));
  const [sentence] = message.split(/, \/|\s*Caused by|\n/);
  return fileError(
    action,
    uri,
    Object.assign(new Error(sentence, { cause: error }), code === undefined ? {} : { code }),
  );
}

/** The name of an operating system's error number: 28 is `ENOSPC` on Linux. */
function codeOfNumber(number: number): string | undefined {
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0];
}
