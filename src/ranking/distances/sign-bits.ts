/** Bytes that the sign bits of a vector of this length take: one bit an element, the last byte filled up with zeros. */
export function signByteLength(dimension: number): number {
  return Math.ceil(dimension / 8);
}

/**
 * A vector binarised: bit `d` is 1 where element `d` is above 0, else 0. Eight elements go into a byte, the first of them
 * into its highest bit, as NumPy's `packbits(vector > 0)` has it.
 */
export function signBits(vector: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(signByteLength(vector.length));
  for (let d = 0; d < vector.length; d++) if (vector[d] > 0) bytes[d >> 3] |= 128 >> (d & 7);
  return bytes;
}

/** Signs from their bits: 1 for a set bit, -1 for one that is not. `signBits` of them are the same bits. */
export function signsOfBits(bits: Uint8Array, dimension: number): Float32Array {
  return Float32Array.from({ length: dimension }, (_, place) => (bits[place >> 3] & (128 >> (place & 7)) ? 1 : -1));
}
