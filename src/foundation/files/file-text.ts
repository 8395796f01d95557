import { TextDecoder } from 'node:util';
import { FileError } from '../errors/file-error.ts';
import { codeOf } from './file-error.ts';
import { ordinaryFilePieces } from './ordinary-file.ts';

/**
 * A file's text, piece by piece: UTF-8 with or without a byte order mark, or UTF-16 with one, which is left out.
 *
 * @throws if the file is no ordinary one, cannot be read, or is of another encoding.
 */
export async function* fileText(file: string): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  const decoded = (bytes?: Uint8Array): string => {
    try {
      return decoder?.decode(bytes, { stream: bytes !== undefined }) ?? '';
    } catch (error) {
      if (codeOf(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
      throw new FileError(`its text is not ${decoder?.encoding.toUpperCase()}; save it as UTF-8`, { cause: error });
    }
  };
  for await (const piece of ordinaryFilePieces(file)) {
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
    yield decoded(piece);
  }
  yield decoded();
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
