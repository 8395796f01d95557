import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Dataset, File, Group } from 'h5wasm/node';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { formatShape } from '../../graph/tensor/shape.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';

/** Groups within groups, and objects of a file, that are looked at before it counts as broken. */
const deepest = 16;
const mostObjects = 20_000;
/** Bytes that tensors may take for each byte of the file. Keras writes them as they are; weights hardly compress. */
const mostBytesPerByte = 4;

/** What an HDF5 file holds that this version reads: floating-point numbers of 32 and 64 bits. */
export interface Hdf5Tensors {
  /** By path without the leading slash. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Paths of other data, with the reason why they are not read. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Reads every tensor of an HDF5 file, by the HDF5 Group's own library compiled to WebAssembly (h5wasm).
 *
 * Memory: before anything is read, what the datasets say they hold has to be at most four times the file's size. Links to
 * other files are not followed.
 *
 * @throws if the file cannot be read, is no HDF5 file or is a broken one; in one line that names it and the next step.
 */
export async function readHdf5(file: string): Promise<Hdf5Tensors> {
  const { handle, stats } = await openOrdinaryFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  // The library opens it by its path.
  await handle.close();
  const { size } = stats;
  const library = await installedLibrary(file);
  try {
    return await readWith(library, file, size).catch(async (error: unknown) => {
      // A damaged file can make an instance of the library give up, and then it reads nothing any more: this file may not be
      // the one that did it. A fresh instance tells.
      if (!gaveUp(error)) throw error;
      return readWith(await freshLibrary(), file, size);
    });
  } catch (error) {
    throw new ModelError(
      `cannot read '${file}' as an HDF5 file: ${reasonOf(error)}; fetch it again, or save it again with Keras`,
      { cause: error },
    );
  }
}

type Library = typeof import('h5wasm/node');

/** @throws if the package is not there, which few need and is left out of an ordinary installation, with how to install it. */
async function installedLibrary(file: string): Promise<Library> {
  try {
    return await import('h5wasm/node');
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ModelError(
      `cannot read '${file}': HDF5 files need the package h5wasm, which is not installed: ` +
        'npm install h5wasm@0.10.3, or save the weights as safetensors',
      { cause: error },
    );
  }
}

/** An instance that nothing has been read with: modules are kept by their address, and this one is new. */
function freshLibrary(): Promise<Library> {
  return import(/* @vite-ignore */ `${import.meta.resolve('h5wasm/node')}?${randomUUID()}`);
}

async function readWith(library: Library, file: string, size: number): Promise<Hdf5Tensors> {
  // Errors of the library become exceptions, rather than a trace on standard error.
  (await library.ready).activate_throwing_error_handler();
  const opened = new library.File(path.resolve(file), 'r');
  try {
    return readAll(findDatasets(library, opened), size);
  } finally {
    closeQuietly(opened);
  }
}

const gaveUp = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError';

function findDatasets(library: Library, root: Group): Map<string, Dataset> {
  const found = new Map<string, Dataset>();
  let objects = 0;
  const visit = (group: Group, prefix: string, depth: number): void => {
    if (depth > deepest) throw new ModelError(`its groups are nested more than ${deepest} deep`);
    for (const name of group.keys()) {
      if (++objects > mostObjects) throw new ModelError(`it has more than ${mostObjects} objects`);
      const member = group.get(name);
      const at = `${prefix}${name}`;
      if (member instanceof library.Group) visit(member, `${at}/`, depth + 1);
      else if (member instanceof library.Dataset) found.set(at, member);
    }
  };
  visit(root, '', 1);
  return found;
}

function readAll(datasets: ReadonlyMap<string, Dataset>, fileSize: number): Hdf5Tensors {
  const wanted = new Map<string, Dataset>();
  const unread = new Map<string, string>();
  let bytes = 0;
  for (const [name, dataset] of datasets) {
    const { shape, type, size } = dataset.metadata;
    if (shape === null) continue;
    // Class 1 is floating point.
    if (type !== 1 || (size !== 4 && size !== 8)) {
      unread.set(name, 'its elements are no floating-point numbers of 32 or 64 bits');
      continue;
    }
    bytes += shape.reduce((product, length) => product * length, size);
    if (!(bytes <= mostBytesPerByte * fileSize)) {
      throw new ModelError(
        `'${name}', ${formatShape(shape)}, and the tensors before it would take ${bytes} bytes, but the file has ${fileSize}`,
      );
    }
    wanted.set(name, dataset);
  }
  const tensors = new Map<string, Tensor>();
  for (const [name, dataset] of wanted) tensors.set(name, readDataset(name, dataset));
  return { tensors, unread };
}

function readDataset(name: string, { shape, value }: Dataset): Tensor {
  if (shape === null) throw new ModelError(`'${name}' has no shape`);
  if (typeof value === 'number') return tensor('float64', shape, Float64Array.of(value));
  if (value instanceof Float32Array) return tensor('float32', shape, value);
  if (value instanceof Float64Array) return tensor('float64', shape, value);
  throw new ModelError(`the elements of '${name}' cannot be read`);
}

function closeQuietly(file: File): void {
  try {
    file.close();
  } catch {
    // The error that led here says more.
  }
}

/** What the library's trace says last: the place where it first went wrong. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (gaveUp(error)) return 'it is so damaged that the HDF5 library gave up';
  const trace = [...message.matchAll(/line \d+ in [^:]*: (.*)/g)];
  return trace.at(-1)?.[1] ?? message.split('\n')[0];
}
