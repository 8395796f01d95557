import { Buffer } from 'node:buffer';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { checkRows } from '../stores/check-vectors.ts';
import type { VectorTable } from './vector-table.ts';

/** Bytes that the head of the file is filled up to a multiple of. */
const alignment = 64;

/**
 * Writes NumPy's array format, version 1.0: float32, little endian, n rows of `dimension` numbers; and the names of the n images as a
 * JSON array in `<file without .npy>.ids.json`, which is written first.
 *
 * @throws if a vector is none of the stamp.
 */
export async function writeNpyFile(file: string, { stamp, rows }: VectorTable): Promise<void> {
  checkRows(file, stamp, rows);
  const { dimension } = stamp;
  await writeAtomically(file.replace(/\.npy$/i, '.ids.json'), JSON.stringify(rows.map(({ id }) => id)));
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${dimension}), }`;
  const begin = 10;
  const length = Math.ceil((begin + words.length + 1) / alignment) * alignment;
  const bytes = Buffer.alloc(length + 4 * dimension * rows.length);
  bytes.write('\x93NUMPY', 0, 'latin1');
  bytes.writeUInt8(1, 6);
  bytes.writeUInt16LE(length - begin, 8);
  bytes.write(`${words.padEnd(length - begin - 1)}\n`, begin, 'latin1');
  for (const [row, { vector }] of rows.entries()) {
    for (let d = 0; d < dimension; d++) bytes.writeFloatLE(vector[d], length + 4 * (row * dimension + d));
  }
  await writeAtomically(file, bytes);
}
