import type { Koffi, Pointer } from '../library/koffi-package.ts';

/** Where oneDNN's fastest loads begin, in bytes. */
export const alignment = 64;

/** Bytes whose address does not change, from an address that oneDNN likes. Whoever keeps the address keeps this. */
export interface AlignedMemory {
  readonly buffer: ArrayBuffer;
  /** Where in `buffer` they begin. */
  readonly offset: number;
  readonly address: Pointer;
  readonly bytes: number;
}

/** Takes `bytes` zeros. */
export function alignedMemory(koffi: Koffi, bytes: number): AlignedMemory {
  const buffer = new ArrayBuffer(bytes + alignment);
  const start = koffi.address(new Uint8Array(buffer));
  const offset = Number(-start & BigInt(alignment - 1));
  return { buffer, offset, address: start + BigInt(offset), bytes };
}
