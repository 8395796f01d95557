import { createHash } from 'node:crypto';

/** One of some equal parts: the first of four is `{ part: 1, of: 4 }`. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/**
 * True if an image is in a shard: its number is 1 more than the first 48 bits of the SHA-256 of its name, modulo the number of
 * shards, so that every machine deals alike, and a new image moves no other.
 */
export function isInShard(id: string, { part, of }: Shard): boolean {
  return createHash('sha256').update(id).digest().readUIntBE(0, 6) % of === part - 1;
}
