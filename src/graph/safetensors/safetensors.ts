import type { FileHandle } from 'node:fs/promises';
import { valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { FileError } from '../../foundation/errors/file-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { newElementArray } from '../tensor/element-type.ts';
import { sizeOf } from '../tensor/shape.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import {
  compareEntries,
  formatHeader,
  longestHeader,
  parseHeader,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from './safetensors-header.ts';

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * The bytes of a safetensors file, in pieces that are views on the tensors' own memory: nothing is copied.
 *
 * Layout: the header's length (64 bits), the header (JSON), the tensors' elements; all little-endian.
 * Source: https://github.com/huggingface/safetensors, the section "Format".
 */
export function* encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Generator<Uint8Array> {
  const sorted = [...tensors].map(([name, value]) => ({ name, ...value })).sort(compareEntries);
  const header = Buffer.from(formatHeader(sorted, metadata));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(header.length), true);
  yield new Uint8Array(length.buffer);
  yield header;
  for (const { data } of sorted) yield bytesOf(data);
}

const fileBytes = valueLike<Uint8Array>(
  'the bytes of a safetensors file',
  ArrayBuffer.isView,
  'await readFile(path) gives them',
);

/**
 * The content of a safetensors file that is in memory; the tensors are copies.
 *
 * @param what names the bytes in errors.
 * @throws if the bytes are not a safetensors file or hold elements of a type we do not have, naming the tensor.
 */
export function decodeSafetensors(bytes: Uint8Array, what = 'the data'): Safetensors {
  checkArgument(bytes, fileBytes, 'bytes');
  return explaining(what, () => {
    const headerLength = parseLength(bytes.subarray(0, 8), bytes.length);
    const dataStart = 8 + headerLength;
    const header = parseHeader(textOf(bytes.subarray(8, dataStart)), bytes.length - dataStart);
    const tensors = new Map<string, Tensor>();
    for (const entry of header.entries) {
      const value = emptyTensor(entry);
      bytesOf(value.data).set(bytes.subarray(dataStart + entry.start, dataStart + entry.end));
      tensors.set(entry.name, value);
    }
    return { tensors, metadata: header.metadata };
  });
}

/**
 * Reads a safetensors file, each tensor straight into memory of its own.
 *
 * @param observe is shown every byte behind the header's length in order, in pieces: the header, then each tensor.
 * @throws as `decodeSafetensors`, and if the file cannot be read; in one line that names the file.
 */
export async function readSafetensors(file: string, observe?: (piece: Uint8Array) => void): Promise<Safetensors> {
  const fail = (error: unknown): never => {
    throw fileError('read', file, error);
  };
  const { handle, stats } = await openOrdinaryFile(file).catch(fail);
  try {
    const { size } = stats;
    const start = await readBytes(handle, new Uint8Array(Math.min(8, size)), 0).catch(fail);
    const headerLength = explaining(`'${file}'`, () => parseLength(start, size));
    const headerBytes = await readBytes(handle, new Uint8Array(headerLength), 8).catch(fail);
    const dataStart = 8 + headerLength;
    const header: SafetensorsHeader = explaining(`'${file}'`, () => parseHeader(textOf(headerBytes), size - dataStart));
    observe?.(headerBytes);
    const tensors = new Map<string, Tensor>();
    for (const entry of header.entries) {
      const value = emptyTensor(entry);
      const piece = await readBytes(handle, bytesOf(value.data), dataStart + entry.start).catch(fail);
      observe?.(piece);
      tensors.set(entry.name, value);
    }
    return { tensors, metadata: header.metadata };
  } finally {
    await handle.close();
  }
}

function parseLength(bytes: Uint8Array, size: number): number {
  if (bytes.length < 8) throw new FileError(`it has only ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > longestHeader || Number(length) > size - 8) {
    throw new FileError(`its header would be ${length} bytes long, but the file has ${size} bytes`);
  }
  return Number(length);
}

function textOf(header: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (error) {
    throw new FileError('its header is not JSON', { cause: error });
  }
}

function emptyTensor({ type, shape }: SafetensorsEntry): Tensor {
  return tensor(type, shape, newElementArray(type, sizeOf(shape))) as Tensor;
}

/** The memory of an array as bytes, not copied. */
function bytesOf(data: Tensor['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function readBytes(handle: FileHandle, target: Uint8Array, position: number): Promise<Uint8Array> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new FileError('the file became shorter while it was read');
    done += bytesRead;
  }
  return target;
}

function explaining<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FileError(`cannot read ${what} as a safetensors file: ${(error as Error).message}`, { cause: error });
  }
}
