import { FileError } from '../errors/file-error.ts';
import { fileError } from './file-error.ts';
import { fileText } from './file-text.ts';

/** A line of a text file. */
export interface FileLine {
  /** Without its end. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Characters that a line may have. */
const longestLine = 1 << 26;

/**
 * The lines of a text file, one after the other; see `fileText`. They end in LF or CR LF.
 *
 * @throws FileError if it cannot be read, is of another encoding, or a line has more than 2^26 characters.
 */
export async function* fileLines(file: string): AsyncGenerator<FileLine, void, undefined> {
  let rest = '';
  let line = 0;
  try {
    for await (const piece of fileText(file)) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { text: text.replace(/\r$/, ''), line: ++line };
      if (rest.length > longestLine) throw new FileError(`line ${line + 1} has more than ${longestLine} characters`);
    }
  } catch (error) {
    throw fileError('read', file, error);
  }
  yield { text: rest, line: line + 1 };
}
