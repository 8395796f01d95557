import { Buffer } from 'node:buffer';
import { FileError } from '../../../foundation/errors/file-error.ts';

/**
 * Everything that a stream gives.
 *
 * @param most bytes; reading stops there.
 * @param name what an error calls the stream.
 * @throws if there are more bytes than that.
 */
export async function readAll(stream: AsyncIterable<Uint8Array | string>, most: number, name: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    length += bytes.length;
    if (length > most) throw new FileError(`${name} gives more than ${most} bytes, which no picture here may have`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
