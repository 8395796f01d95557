import { signBits } from '../../../ranking/distances/sign-bits.ts';
import type { StoreStamp } from '../store-stamp.ts';

/** A vector as a store keeps it: of Hamming distances the sign bits alone. */
export function keptVector(stamp: StoreStamp, vector: Float32Array): Float32Array | Uint8Array {
  return stamp.distance === 'hamming' ? signBits(vector) : vector;
}
