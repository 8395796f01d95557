import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type ElementType, newElementArray } from '../tensor/element-type.ts';
import { sizeOf } from '../tensor/shape.ts';
import { float32, int64Vector, type Tensor, tensor } from '../tensor/tensor.ts';
import { decodeSafetensors, encodeSafetensors, readSafetensors } from './safetensors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'safetensors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const golden = path.join(import.meta.dirname, '../../../test/golden/safetensors-file.safetensors');

const goldenTensors = new Map<string, Tensor>([
  ['weight', float32([2, 3], [1.5, -2.25, 3.0e-40, Number.POSITIVE_INFINITY, -0, 65504])],
  ['double', tensor('float64', [2], Float64Array.of(Math.PI, -1e300))],
  ['steps', tensor('int64', [2], BigInt64Array.of(2n ** 62n + 1n, -1n))],
  ['count', tensor('int32', [], Int32Array.of(-7))],
  ['bytes', tensor('uint8', [1, 2, 3], Uint8Array.of(0, 1, 2, 3, 4, 5))],
  ['signed', tensor('int8', [2], Int8Array.of(-128, 127))],
  ['mask', tensor('bool', [3], Uint8Array.of(1, 0, 1))],
  ['empty', float32([0, 4], [])],
  ['ünï "code"', float32([1], [0.1])],
]);

const goldenMetadata = new Map([['made by', 'Python "safetensors"']]);

const encode = (tensors: ReadonlyMap<string, Tensor>, metadata?: ReadonlyMap<string, string>) =>
  Buffer.concat([...encodeSafetensors(tensors, metadata)]);

/** A file with this header, given as text, and so many bytes of data. */
function fileOf(header: string, dataLength: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(dataLength)]);
}

const types: ElementType[] = ['float32', 'float64', 'int32', 'int64', 'uint8', 'int8', 'bool'];
const anyTensor = fc
  .tuple(fc.constantFrom(...types), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }))
  .chain(([type, shape]) => {
    const bytes = newElementArray(type, sizeOf(shape)).byteLength;
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((content) => {
      const value = tensor(type, shape) as Tensor;
      new Uint8Array(value.data.buffer).set(content);
      return value;
    });
  });
const anyName = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('7', '__proto__', 'a.b', ''));
const anyTensors = fc
  .array(fc.tuple(anyName, anyTensor), { maxLength: 6 })
  .map((entries) => new Map(entries.filter(([name]) => name !== '__metadata__')));

/** Every bit of every tensor, by name: NaNs and zeros of either sign are told apart. */
function bits(tensors: ReadonlyMap<string, Tensor>) {
  const entries = [...tensors].map(([name, { type, shape, data }]) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
    return [name, { type, shape: [...shape], bytes }] as const;
  });
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('safetensors', () => {
  it('reads what the reference implementation wrote', async () => {
    const file = await readSafetensors(golden);
    expect(bits(file.tensors)).toEqual(bits(goldenTensors));
    expect(file.metadata).toEqual(goldenMetadata);
    expect(bits(decodeSafetensors(readFileSync(golden)).tensors)).toEqual(bits(goldenTensors));
  });

  it('writes the bytes that the reference implementation wrote', () => {
    expect(encode(goldenTensors, goldenMetadata)).toEqual(readFileSync(golden));
  });

  it('gives every tensor back, bit for bit', async () => {
    const metadata = fc.array(fc.tuple(anyName, anyName)).map((texts) => new Map(texts));
    await fc.assert(
      fc.asyncProperty(anyTensors, metadata, async (tensors, texts) => {
        const bytes = encode(tensors, texts);
        const inMemory = decodeSafetensors(bytes);
        expect(bits(inMemory.tensors)).toEqual(bits(tensors));
        expect(inMemory.metadata).toEqual(texts);
        const file = path.join(folder, 'any');
        writeFileSync(file, bytes);
        const seen: Uint8Array[] = [];
        const fromDisk = await readSafetensors(file, (piece) => seen.push(Uint8Array.from(piece)));
        expect(bits(fromDisk.tensors)).toEqual(bits(tensors));
        expect(Buffer.concat(seen)).toEqual(bytes.subarray(8));
      }),
    );
  });

  it('copies nothing while encoding', () => {
    const weight = float32([2], [1, 2]);
    const pieces = [...encodeSafetensors(new Map([['weight', weight]]))];
    expect(pieces.at(-1)?.buffer).toBe(weight.data.buffer);
  });

  it('never crashes on a cut or altered file: it reads it or says what is wrong', () => {
    const bytes = encode(goldenTensors, goldenMetadata);
    const altered = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(bytes.length));
    fc.assert(
      fc.property(altered, ([place, change, length]) => {
        const hostile = Uint8Array.from(bytes).subarray(0, length);
        if (place < length) hostile[place] ^= change;
        try {
          decodeSafetensors(hostile, "'x'");
        } catch (error) {
          expect((error as Error).message).toMatch(/^cannot read 'x' as a safetensors file: ./);
        }
      }),
      { numRuns: 500 },
    );
  });

  const f32 = (start: number, end: number, shape = '[1]') =>
    `{"dtype":"F32","shape":${shape},"data_offsets":[${start},${end}]}`;
  it.each([
    ['no bytes', Buffer.alloc(0), 'it has only 0 bytes'],
    ['a text', Buffer.from('hello, world'), 'its header would be 8583909746840200552 bytes long, but the file has 12'],
    ['too long a header', fileOf('{}', 0).fill(0xff, 3, 4), 'its header would be 4278190082 bytes long'],
    ['no JSON', fileOf('{"a":', 0), 'its header is not JSON'],
    ['broken UTF-8', Buffer.concat([fileOf('', 0).fill(1, 0, 1), Buffer.of(0xff)]), 'its header is not JSON'],
    ['an array', fileOf('[]', 0), 'its header is no object'],
    ['metadata as a list', fileOf('{"__metadata__":["a"]}', 0), 'its metadata is no object'],
    ['metadata of numbers', fileOf('{"__metadata__":{"a":1}}', 0), "its metadata 'a' is not a text"],
    ['no offsets', fileOf('{"a":{"dtype":"F32","shape":[]}}', 4), "tensor 'a' is not described by dtype, shape and"],
    ['a negative length', fileOf(`{"a":${f32(0, 4, '[-1]')}}`, 4), "tensor 'a' is not described by dtype, shape and"],
    ['a foreign type', fileOf(`{"a":${f32(0, 4).replace('F32', 'BF16')}}`, 4), "'a' has elements of type BF16; known"],
    ['a wrong size', fileOf(`{"a":${f32(0, 8)}}`, 8), "'a', F32[1], takes 4 bytes, but its offsets are 0 to 8"],
    ['a huge shape', fileOf(`{"a":${f32(0, 8, '[9007199254740991,9007199254740991]')}}`, 8), "tensor 'a', F32["],
    ['an overlap', fileOf(`{"a":${f32(0, 4)},"b":${f32(0, 4)}}`, 4), "'b' begins at byte 0 of the data, the one be"],
    ['a gap', fileOf(`{"a":${f32(0, 4)},"b":${f32(8, 12)}}`, 12), "'b' begins at byte 8 of the data, the one before"],
    ['missing data', fileOf(`{"a":${f32(0, 4)}}`, 3), 'its tensors take 4 bytes, but it has 3 bytes of data'],
    ['too much data', fileOf(`{"a":${f32(0, 4)}}`, 5), 'its tensors take 4 bytes, but it has 5 bytes of data'],
  ])('refuses %s', async (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
    const file = path.join(folder, 'hostile');
    writeFileSync(file, bytes);
    await expect(readSafetensors(file)).rejects.toThrow(`cannot read '${file}' as a safetensors file: `);
    await expect(readSafetensors(file)).rejects.toThrow(message);
  });

  it('says which file is missing, and which name cannot be written', async () => {
    await expect(readSafetensors(path.join(folder, 'none'))).rejects.toThrow(`cannot read '${folder}/none': there is`);
    await expect(readSafetensors(folder)).rejects.toThrow(`cannot read '${folder}': it is a folder (EISDIR)`);
    expect(() => encode(new Map([['__metadata__', int64Vector([1])]]))).toThrow("cannot be named '__metadata__'");
  });
});
