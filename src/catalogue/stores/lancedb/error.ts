import { constants } from 'node:os';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { fileError } from '../../../foundation/files/file-error.ts';

/** Letters of LanceDB's own words that are kept. */
const mostLetters = 300;

/**
 * One line for an operation on a LanceDB store that failed. LanceDB's messages are chains of causes with places in its
 * source; what is kept is the operating system's error, if there is one in it, or else the first sentence. Of two writers that
 * came into each other's way it is said that they did.
 *
 * @param action the verb behind "cannot": `write the store`, `open the store`.
 */
export function lanceDbError(action: string, uri: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (isConflict(message)) {
    const reason =
      'another program writes it; what was written before is kept: wait for its end, and give the rest again';
    return new StoreError(`cannot ${action} '${uri}': ${reason}`, { cause: error });
  }
  const scheme = /No object store provider found for scheme: '([^']*)'/.exec(message)?.[1];
  if (scheme !== undefined) {
    return new StoreError(
      `cannot ${action} '${uri}': LanceDB knows no addresses that begin with ${scheme}://; name a folder`,
      {
        cause: error,
      },
    );
  }
  const silent = /HttpError \{ kind: Connect|dns error|failed to lookup address/i.test(message);
  if (silent) {
    return new StoreError(
      `cannot ${action} '${uri}': no server answers there; check its address, region and endpoint, and the network`,
      { cause: error },
    );
  }
  const number = /\(os error (\d+)\)|Os \{ code: (\d+)/.exec(message);
  const code = number === null ? undefined : codeOfNumber(Number(number[1] ?? number[2]));
  const words = wordsOf(message);
  if (code === undefined && isDamage(message)) return damagedStore(uri, words, error);
  return fileError(action, uri, Object.assign(new Error(words, { cause: error }), code === undefined ? {} : { code }));
}

/** A store that lacks some of its files, or has others in their place. @param words what is wrong. */
export function damagedStore(uri: string, words: string, cause?: unknown): StoreError {
  return new StoreError(
    `the store '${uri}' is damaged (${words}): bring it back from a copy, or remove it and index again; ` +
      'images that were added by themselves have to be added again',
    { cause },
  );
}

/** What LanceDB says is wrong with a table's files; undefined of an error of another kind. */
export function damageOf(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : '';
  return isDamage(message) ? wordsOf(message) : undefined;
}

/** The first sentence of a message. */
function wordsOf(message: string): string {
  const [sentence] = message.split(/, \/|\s*Caused by|\n/);
  return sentence.length > mostLetters ? `${sentence.slice(0, mostLetters)}…` : sentence;
}

/** What LanceDB says of files that are missing, cut, or something else; it also stumbles over them, and tells of a panic. */
function isDamage(message: string): boolean {
  return /not found: \S.*\.(lance|manifest|txn)\b|was damaged|file size is too small|failed to fill whole buffer|invalid magic|corrupt|unexpected eof|failed to decode|invalid range \d|range was invalid|invalid seek|correct footer|manifest length does not match|panic in async function/i.test(
    message,
  );
}

/** True of an error of reading that files were not there: somebody has cleared up the state that was read. */
export function isGone(error: unknown): boolean {
  return /not found|no such file|os error 2\b/i.test(error instanceof Error ? error.message : '');
}

/** What LanceDB says when two programs commit, or make a table, at once. */
function isConflict(message: string): boolean {
  return /commit conflict|incompatible transaction|concurrent (transaction|commit)|too many concurrent writers|schema does not match existing|already exists/i.test(
    message,
  );
}

/** The name of an operating system's error number: 28 is `ENOSPC` on Linux. */
function codeOfNumber(number: number): string | undefined {
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0];
}
