import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { readWeightFile } from '../../src/training/weights/weight-file.ts';
import { damagedBytes } from './damaged-bytes.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const golden = (name: string) => Uint8Array.from(readFileSync(path.join(import.meta.dirname, '../golden', name)));

/** Bytes as a file of weights, which is read whole and forgotten. */
async function readAsFile(bytes: Uint8Array, ending: string): Promise<unknown> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
  try {
    const file = path.join(folder, `weights${ending}`);
    writeFileSync(file, bytes);
    return await readWeightFile(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const small = golden('safetensors-file.safetensors');
const safetensors = fc.constantFrom(small, golden('weights/resnet18.safetensors'));
const absurdNumber = fc.constantFrom(0, -1, 1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 1e300, 'F32', null, [[]]);

/** A safetensors file whose header says something else than it did: a type, a shape or offsets that cannot be. */
const lyingSafetensors = fc
  .tuple(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), absurdNumber), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([lies, keepsLength]) => {
    const length = Number(new DataView(small.buffer).getBigUint64(0, true));
    const header = JSON.parse(Buffer.from(small.subarray(8, 8 + length)).toString());
    const names = Object.keys(header);
    for (const [at, what, absurd] of lies) {
      const entry = header[names[at % names.length]];
      if (what === 0) entry.dtype = absurd;
      else if (what === 1) entry.shape = [absurd, 1];
      else if (what === 2) entry.data_offsets = [absurd, entry.data_offsets?.[1]];
      else entry.data_offsets = [entry.data_offsets?.[0], absurd];
    }
    const text = Buffer.from(JSON.stringify(header));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(keepsLength ? length : text.length));
    return Uint8Array.from(Buffer.concat([start, text, small.subarray(8 + length)]));
  });

/** A whole file with one byte changed, most often one of a weight's. */
const oneByte = fc.tuple(safetensors, fc.nat(), fc.nat({ max: 255 })).map(([whole, place, byte]) => {
  const bytes = whole.slice();
  bytes[place % bytes.length] = byte;
  return bytes;
});

/** safetensors files, as `train --weights` reads them. */
export const safetensorsTarget: FuzzTarget = {
  name: 'safetensors',
  files: fc.oneof(
    { weight: 4, arbitrary: damagedBytes(safetensors) },
    { weight: 1, arbitrary: oneByte },
    { weight: 4, arbitrary: lyingSafetensors },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  ),
  read: (bytes) => readAsFile(bytes, '.safetensors'),
};

const hdf5 = fc.constant(golden('weights/vgg16-notop.h5'));
const absurdWord = fc.oneof(
  fc.constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 62n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 17n }),
);

/** An HDF5 file with absurd addresses, lengths and dimensions: words of eight bytes that say something say something else. */
const lyingHdf5 = fc
  .tuple(hdf5, fc.array(fc.tuple(fc.nat(), absurdWord), { minLength: 1, maxLength: 6 }))
  .map(([whole, lies]) => {
    const bytes = whole.slice();
    const view = new DataView(bytes.buffer);
    const words = Math.floor(bytes.length / 8);
    for (const [at, word] of lies) {
      let place = at % words;
      // Most of the file is empty room in its tables.
      for (let tried = 0; tried < words && view.getBigUint64(8 * place, true) === 0n; tried++)
        place = (place + 1) % words;
      view.setBigUint64(8 * place, word, true);
    }
    return bytes;
  });

/** Keras HDF5 files, as `train --weights` reads them. */
export const hdf5Target: FuzzTarget = {
  name: 'hdf5',
  files: fc.oneof(
    { weight: 5, arbitrary: damagedBytes(hdf5) },
    { weight: 4, arbitrary: lyingHdf5 },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  ),
  async read(bytes) {
    try {
      return await readAsFile(bytes, '.h5');
    } catch (error) {
      // Whatever a damaged file does to the library, the next file is read.
      if (/gave up/.test((error as Error).message)) await readAsFile(golden('weights/vgg16-notop.h5'), '.h5');
      throw error;
    }
  },
};
