import type { Buffer } from 'node:buffer';

const carried = 'data:image/';

/** The kinds of pictures that are drawn within a drawing. */
const drawn = /^(png|jpe?g|svg\+xml)\b/i;

/**
 * The kind of a picture that a drawing (SVG) carries within itself and that would be left out of it, such as `webp`; undefined if
 * there is none. What a compressed drawing carries is not seen.
 */
export function undrawnPicture(bytes: Buffer): string | undefined {
  for (let at = bytes.indexOf(carried); at >= 0; at = bytes.indexOf(carried, at + 1)) {
    const kind = bytes.toString('latin1', at + carried.length, at + carried.length + 32);
    if (!drawn.test(kind)) return /^[\w.+-]*/.exec(kind)?.[0];
  }
  return undefined;
}
