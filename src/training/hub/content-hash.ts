import { createHash, type Hash } from 'node:crypto';

/** A content as the hub states it. */
export interface StatedContent {
  /** SHA-256 of a file of Git LFS or Xet (64 hexadecimal digits), or the SHA-1 of git's blob (40). */
  readonly hash: string;
  readonly bytes: number;
}

/** True of a hash of either kind. */
export const isContentHash = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** Name of the kind of hash that a content is stated by. */
export const hashKind = ({ hash }: StatedContent): string => (hash.length === 64 ? 'SHA-256' : "git's SHA-1");

/** The hash of the kind that is stated, before the first byte. Git's is of `blob <bytes>`, a zero byte, and the content. */
export function beginHash({ hash, bytes }: StatedContent): Hash {
  return hash.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`);
}
