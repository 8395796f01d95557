import { createHash } from 'node:crypto';
import type { EmojiSetName } from './emoji-sets.ts';

/** One emoji as one designer draws it. */
export interface EmojiPicture {
  /** Index into the concepts' names. */
  readonly label: number;
  readonly set: EmojiSetName;
  /** The icon's name within its set. */
  readonly icon: string;
  /** `size * size * 3` bytes of RGB, on white. */
  readonly pixels: Uint8Array;
}

/** The same things, drawn by different designers. */
export interface EmojiPictures {
  /** Both sides of a picture, in pixels. */
  readonly size: number;
  /** Names of the concepts, in code-unit order. */
  readonly concepts: readonly string[];
  /** In order of their concepts, and of the sets within one. */
  readonly pictures: readonly EmojiPicture[];
  /**
   * SHA-256 of all pictures' pixels one after the other. Of all at 64 x 64, as sharp 0.35.5 (librsvg 2.63.2) draws the packages of the
   * lock file: b7e4b8a47e11e5686b226a30049f5c903f87fec7f3f2f8b0109e789811f4450b.
   */
  readonly hash: string;
}

/** SHA-256 over all pictures' pixels, in order, in hexadecimal. */
export function hashOfPictures(pictures: readonly Pick<EmojiPicture, 'pixels'>[]): string {
  const hash = createHash('sha256');
  for (const { pixels } of pictures) hash.update(pixels);
  return hash.digest('hex');
}
