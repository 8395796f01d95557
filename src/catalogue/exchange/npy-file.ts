import { Buffer } from 'node:buffer';
import { type FileHandle, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { writeTogether } from '../../foundation/files/write-atomically.ts';
import { keptRows } from './checked-rows.ts';
import { namedVectorOf } from './named-vector.ts';
import { type NamedVector, type NamedVectors, rowsAtATime, type VectorRows } from './vector-table.ts';

/** Bytes of the head that is written: a multiple of 64, with room for any number of rows. */
const headBytes = 128;
/** The most bytes of a head that are read: beyond them NumPy itself refuses one. */
const longestHead = 1 << 20;
const magic = '\x93NUMPY';

/** Where the names of an array's rows are. */
function namesFileOf(file: string): string {
  return file.replace(/\.npy$/i, '.ids.json');
}

/**
 * Writes NumPy's array format, version 1.0: float32, little endian, n rows of `dimension` numbers; and the names of the n images as a
 * JSON array in `<file without .npy>.ids.json`: both, or neither where one cannot be written.
 *
 * @throws if a vector is none of the stamp.
 */
export async function writeNpyFile(file: string, table: VectorRows): Promise<void> {
  const ids: string[] = [];
  const { dimension } = table.stamp;
  const head = () => headOf(ids.length, dimension);
  // The array first: its rows say which names there are.
  await writeTogether([
    [file, { headBytes, body: elementBytes(file, table, ids), head }],
    [namesFileOf(file), namesJson(ids)],
  ]);
}

function* namesJson(ids: readonly string[]): Generator<string> {
  for (const [row, id] of ids.entries()) yield `${row === 0 ? '[' : ','}${JSON.stringify(id)}`;
  yield ids.length === 0 ? '[]' : ']';
}

function headOf(rows: number, dimension: number): Uint8Array {
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimension}), }`;
  const begin = 10;
  const head = Buffer.alloc(headBytes);
  head.write(magic, 0, 'latin1');
  head.writeUInt8(1, 6);
  head.writeUInt16LE(headBytes - begin, 8);
  head.write(`${words.padEnd(headBytes - begin - 1)}\n`, begin, 'latin1');
  return head;
}

/** The rows as bytes; their names are added to `ids` as they come. */
async function* elementBytes(file: string, table: VectorRows, ids: string[]): AsyncGenerator<Uint8Array> {
  for await (const rows of keptRows(file, table)) {
    for (const { id, vector } of rows) {
      ids.push(id);
      const bytes = Buffer.alloc(4 * vector.length);
      for (const [d, element] of vector.entries()) bytes.writeFloatLE(element, 4 * d);
      yield bytes;
    }
  }
}

/** How an element is read, by NumPy's name of its type. */
const elementReaders: Readonly<Record<string, { readonly size: number; read(bytes: Buffer, at: number): number }>> = {
  '<f4': { size: 4, read: (bytes, at) => bytes.readFloatLE(at) },
  '>f4': { size: 4, read: (bytes, at) => bytes.readFloatBE(at) },
  '<f8': { size: 8, read: (bytes, at) => bytes.readDoubleLE(at) },
  '>f8': { size: 8, read: (bytes, at) => bytes.readDoubleBE(at) },
};

/**
 * Reads NumPy's array format of any version: two dimensions, float32 or float64, in the order of C; and the names of its rows beside
 * it, as `writeNpyFile` writes them.
 *
 * @throws FileError if the array or its names are something else, damaged, or do not go together.
 */
export async function readNpyFile(file: string): Promise<NamedVectors> {
  const names = await readNames(namesFileOf(file), file);
  const { handle } = await openArray(file, names.length);
  await handle.close();
  return { named: () => namedRows(file, names) };
}

async function* namedRows(file: string, names: readonly string[]): AsyncGenerator<NamedVector[]> {
  const { handle, begin, dimension, element } = await openArray(file, names.length);
  const rowBytes = dimension * element.size;
  try {
    for (let first = 0; first < names.length; first += rowsAtATime) {
      const some = names.slice(first, first + rowsAtATime);
      const bytes = await readAt(file, handle, begin + first * rowBytes, some.length * rowBytes);
      yield some.map((id, row) => {
        const at = row * rowBytes;
        const vector = Float32Array.from({ length: dimension }, (_, d) => element.read(bytes, at + d * element.size));
        return namedVectorOf(file, { id, vector });
      });
    }
  } finally {
    await handle.close();
  }
}

/** Opens an array that has as many rows as there are names. */
async function openArray(file: string, names: number) {
  const { handle, stats } = await openOrdinaryFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  try {
    const start = await readAt(file, handle, 0, Math.min(stats.size, longestHead));
    const { descr, shape, begin } = parseHead(file, start);
    const element = elementReaders[descr];
    if (element === undefined) {
      throw new FileError(`'${file}' has elements of the type '${descr}', expected float32: array.astype('float32')`);
    }
    const [rows, dimension] = shape;
    const expected = begin + element.size * rows * dimension;
    if (stats.size !== expected) {
      throw new FileError(
        `'${file}' has ${stats.size} bytes, but ${rows} rows of ${dimension} elements are ${expected}: it is cut or damaged, write it again`,
      );
    }
    if (names !== rows) {
      throw new FileError(`'${file}' has ${rows} rows, but '${namesFileOf(file)}' ${names} names: write both again`);
    }
    return { handle, begin, dimension, element };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readAt(file: string, handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(bytes, read, length - read, position + read).catch((error: unknown) => {
      throw fileError('read', file, error);
    });
    if (bytesRead === 0) throw new FileError(`'${file}' was cut while it was read: write it again`);
    read += bytesRead;
  }
  return bytes;
}

async function readNames(file: string, array: string): Promise<string[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw fileError('read', file, error);
    throw new FileError(
      `cannot read '${file}', which says of which images the rows of '${array}' are: there is no such file; write their names into it, a JSON array in the order of the rows`,
      { cause: error },
    );
  });
  const text = bytes.toString('utf8');
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch (error) {
    throw new FileError(`'${file}', which names the rows of '${array}', is no JSON array of texts`, { cause: error });
  }
}

/** The words of the head; NumPy writes them in this order, as a dictionary of Python. */
const headWords =
  /^\{\s*'descr':\s*'([^']{1,16})',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\((\d{1,15}),\s*(\d{1,15}),?\),?\s*\}\s*$/;

function parseHead(file: string, bytes: Buffer) {
  const isArray = bytes.length >= 12 && bytes.subarray(0, 6).toString('latin1') === magic;
  if (!isArray) throw new FileError(`'${file}' is no NumPy array: write it with numpy.save`);
  const long = bytes.readUInt8(6) > 1;
  const first = long ? 12 : 10;
  const begin = first + (long ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const words = bytes.subarray(first, begin).toString('latin1');
  const [, descr, fortran, rows, dimension] = headWords.exec(words) ?? [];
  if (descr === undefined || fortran === 'True') {
    throw new FileError(
      `'${file}' is no array of two dimensions in the order of C, but ${JSON.stringify(words.trim().slice(0, 200))}: ` +
        "numpy.ascontiguousarray(array, 'float32')",
    );
  }
  return { descr, shape: [Number(rows), Number(dimension)] as const, begin };
}
