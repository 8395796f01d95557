import { describe, expect, it } from 'vitest';
import { float32, type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { buffersOf, transferable } from './transferable.ts';

describe('transferable', () => {
  it('is the tensor itself where nothing else is in its buffer', () => {
    const value = float32([2], [1, 2]);
    expect(transferable(value, 'x').data).toBe(value.data);
  });

  it.each<[string, Tensor]>([
    ['a part of a buffer', tensor('float32', [2], Float32Array.of(9, 1, 2, 9).subarray(1, 3))],
    ["a small Buffer, which shares Node's pool", tensor('uint8', [3], Buffer.from([1, 2, 3]))],
    ['memory shared with other threads', tensor('float32', [2], new Float32Array(new SharedArrayBuffer(8)))],
  ])('is a copy where the tensor is %s', (_, value) => {
    const own = transferable(value, 'x');
    expect([...own.data]).toEqual([...value.data]);
    expect(own.data.buffer).not.toBe(value.data.buffer);
    expect(own.data.buffer).toBeInstanceOf(ArrayBuffer);
    expect(own.data.byteLength).toBe(own.data.buffer.byteLength);
    expect([own.type, own.shape]).toEqual([value.type, value.shape]);
  });

  it('takes an empty tensor any number of times', () => {
    const value = float32([0, 2], []);
    structuredClone(value.data, { transfer: [value.data.buffer as ArrayBuffer] });
    const own = transferable(value, 'x');
    expect(own).toEqual(float32([0, 2], []));
    expect(() => structuredClone(own.data, { transfer: buffersOf([own]) })).not.toThrow();
  });

  it('refuses a tensor whose memory is gone', () => {
    const value = float32([2], [1, 2]);
    structuredClone(value.data, { transfer: [value.data.buffer as ArrayBuffer] });
    expect(() => transferable(value, 'image')).toThrow(/^'image', float32\[2\], has no elements any more: it was fed/);
  });
});

describe('buffersOf', () => {
  it('names a buffer once, however many tensors are in it, and no shared memory', () => {
    const data = new Float32Array(2);
    const shared = tensor('float32', [2], new Float32Array(new SharedArrayBuffer(8)));
    expect(buffersOf([tensor('float32', [2], data), tensor('float32', [1, 2], data), shared])).toEqual([data.buffer]);
  });
});
