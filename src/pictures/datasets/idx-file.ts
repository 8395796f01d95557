import { DatasetError } from '../../foundation/errors/dataset-error.ts';
/** The contents of an IDX file of unsigned bytes. */
export interface IdxArray {
  /** Lengths of the axes, the first one counting the items. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the element type (8), the number of axes, one big-endian 32-bit
 * length an axis, then the elements. `data` is a view of `bytes`.
 *
 * Source: Y. LeCun, "The MNIST database of handwritten digits".
 *
 * @throws if the bytes are not that, with the file's name, what was expected and what is there.
 */
export function decodeIdx(bytes: Uint8Array, file: string, axes: number): IdxArray {
  const headerLength = 4 + 4 * axes;
  const start = [...bytes.subarray(0, 4)];
  if (bytes.length < headerLength || start[0] !== 0 || start[1] !== 0 || start[2] !== 8 || start[3] !== axes) {
    throw new DatasetError(
      `'${file}' is not an IDX file of bytes with ${axes} axes: expected it to start with 0 0 8 ${axes}, ` +
        `found ${start.join(' ') || 'nothing'}; fetch the file again`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== headerLength + size) {
    throw new DatasetError(
      `'${file}' promises ${shape.join(' x ')} = ${size} bytes after its header and has ` +
        `${bytes.length - headerLength}; fetch the file again`,
    );
  }
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + headerLength, size) };
}
