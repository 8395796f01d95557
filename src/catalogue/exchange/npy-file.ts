import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FileError } from '../../foundation/errors/file-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { writeTogether } from '../../foundation/files/write-atomically.ts';
import { checkRows } from '../stores/check-vectors.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { namedVectorOf } from './named-vector.ts';
import type { NamedVectors, VectorTable } from './vector-table.ts';

/** Bytes that the head of the file is filled up to a multiple of. */
const alignment = 64;
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
export async function writeNpyFile(file: string, { stamp, rows }: VectorTable): Promise<void> {
  checkRows(file, stamp, rows);
  await writeTogether([
    [namesFileOf(file), namesJson(rows)],
    [file, arrayBytes(stamp.dimension, rows)],
  ]);
}

function* namesJson(rows: readonly StoredVector[]): Generator<string> {
  for (const [row, { id }] of rows.entries()) yield `${row === 0 ? '[' : ','}${JSON.stringify(id)}`;
  yield rows.length === 0 ? '[]' : ']';
}

function* arrayBytes(dimension: number, rows: readonly StoredVector[]): Generator<Uint8Array> {
  const words = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${dimension}), }`;
  const begin = 10;
  const length = Math.ceil((begin + words.length + 1) / alignment) * alignment;
  const head = Buffer.alloc(length);
  head.write(magic, 0, 'latin1');
  head.writeUInt8(1, 6);
  head.writeUInt16LE(length - begin, 8);
  head.write(`${words.padEnd(length - begin - 1)}\n`, begin, 'latin1');
  yield head;
  for (const { vector } of rows) {
    const bytes = Buffer.alloc(4 * dimension);
    for (let d = 0; d < dimension; d++) bytes.writeFloatLE(vector[d], 4 * d);
    yield bytes;
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
  const bytes = await readBytes(file);
  const { descr, shape, begin } = parseHead(file, bytes);
  const element = elementReaders[descr];
  if (element === undefined) {
    throw new FileError(`'${file}' has elements of the type '${descr}', expected float32: array.astype('float32')`);
  }
  const [rows, dimension] = shape;
  const expected = begin + element.size * rows * dimension;
  if (bytes.length !== expected) {
    throw new FileError(
      `'${file}' has ${bytes.length} bytes, but ${rows} rows of ${dimension} elements are ${expected}: it is cut or damaged, write it again`,
    );
  }
  if (names.length !== rows) {
    throw new FileError(
      `'${file}' has ${rows} rows, but '${namesFileOf(file)}' ${names.length} names: write both again`,
    );
  }
  const row = dimension * element.size;
  return {
    named: names.map((id, place) => {
      const at = begin + place * row;
      const vector = Float32Array.from({ length: dimension }, (_, d) => element.read(bytes, at + d * element.size));
      return namedVectorOf(file, { id, vector });
    }),
  };
}

async function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
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
