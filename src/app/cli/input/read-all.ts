import { Buffer } from 'node:buffer';
import { FileError } from '../../../foundation/errors/file-error.ts';
import { errorReason } from '../../../foundation/files/file-error.ts';

/**
 * Everything that a stream gives.
 *
 * @param most bytes; reading stops there.
 * @param name what an error calls the stream.
 * @throws if there are more bytes than that, or it cannot be read.
 */
export async function readAll(stream: AsyncIterable<Uint8Array | string>, most: number, name: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream) {
      const bytes = Buffer.from(piece);
      length += bytes.length;
      if (length > most) throw new FileError(`${name} gives more than ${most} bytes, which no picture here may have`);
      pieces.push(bytes);
    }
  } catch (error) {
    throw error instanceof FileError
      ? error
      : new FileError(`cannot read ${name}: ${errorReason(error)}`, { cause: error });
  }
  return Buffer.concat(pieces);
}
