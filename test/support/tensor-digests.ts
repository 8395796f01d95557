import { createHash } from 'node:crypto';
import type { Tensor } from '../../src/graph/tensor/tensor.ts';

/** Type, shape and SHA-1 of the elements of each tensor: equal if and only if the tensors are, bit for bit. */
export function tensorDigests(tensors: ReadonlyMap<string, Tensor>): Record<string, string> {
  const digests = [...tensors].map(([name, { type, shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, `${type}[${shape}] ${createHash('sha1').update(bytes).digest('hex')}`] as const;
  });
  return Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1)));
}
