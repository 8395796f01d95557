import type { Buffer } from 'node:buffer';
import type { PicturePart } from '../picture-part.ts';

const imageDescriptor = 0x2c;
const extension = 0x21;
const graphicControl = 0xf9;

/**
 * The size of a GIF's canvas: of its logical screen (GIF89a, section 18), or as far as frames reach beyond it, for decoders
 * enlarge it. Frames behind a damaged block are not seen.
 *
 * @throws RangeError if there is no whole header.
 */
export function gifSize(bytes: Buffer): { readonly width: number; readonly height: number } {
  let width = bytes.readUInt16LE(6);
  let height = bytes.readUInt16LE(8);
  let at = 13 + colourTableBytes(bytes.readUInt8(10));
  while (at + 10 <= bytes.length) {
    if (bytes[at] === imageDescriptor) {
      width = Math.max(width, bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5));
      height = Math.max(height, bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7));
      // Behind the descriptor come the colours and a byte on the codes.
      at = behindBlocks(bytes, at + 10 + colourTableBytes(bytes[at + 9]) + 1);
    } else if (bytes[at] === extension) at = behindBlocks(bytes, at + 2);
    else break;
  }
  return { width, height };
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Behind blocks that each begin with their length, of which the last is empty. */
function behindBlocks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] > 0) at += 1 + bytes[at];
  return at + 1;
}

/**
 * The part of a GIF's canvas that its first frame covers, where it is not all, and the frame has no transparency: the decoder then takes
 * the rest for black, and it is empty. Undefined of other files.
 */
export function coveredPart(bytes: Buffer): PicturePart | undefined {
  if (bytes.length < 13) return undefined;
  const canvas = gifSize(bytes);
  let transparent = false;
  for (let at = 13 + colourTableBytes(bytes[10]); at + 10 <= bytes.length; ) {
    if (bytes[at] === extension) {
      if (bytes[at + 1] === graphicControl) transparent = (bytes[at + 3] & 1) === 1;
      at = behindBlocks(bytes, at + 2);
      continue;
    }
    if (bytes[at] !== imageDescriptor) return undefined;
    const [x, y, width, height] = [1, 3, 5, 7].map((place) => bytes.readUInt16LE(at + place));
    const isWhole = width === canvas.width && height === canvas.height;
    return isWhole || transparent ? undefined : { x, y, width, height };
  }
  return undefined;
}
