import { Buffer } from 'node:buffer';

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

/** Code words of so many bits leave the last of 256 colours to nobody. */
const fewColours = 7;
const unusedColour = 255;

/**
 * The GIF with a first frame that says that it has transparency, where it covers a part of the canvas alone: the decoder takes the rest
 * for black otherwise, and it is empty. The same bytes where there is nothing to say, and of 256 colours, none of which is to spare.
 */
export function withEmptyCanvas(bytes: Buffer): Buffer {
  if (bytes.length < 13) return bytes;
  const { width, height } = gifSize(bytes);
  let control: number | undefined;
  for (let at = 13 + colourTableBytes(bytes[10]); at + 10 <= bytes.length; ) {
    if (bytes[at] === extension) {
      if (bytes[at + 1] === graphicControl) control = at;
      at = behindBlocks(bytes, at + 2);
      continue;
    }
    if (bytes[at] !== imageDescriptor) return bytes;
    const isWhole = bytes.readUInt16LE(at + 5) === width && bytes.readUInt16LE(at + 7) === height;
    const codeBits = bytes[at + 10 + colourTableBytes(bytes[at + 9])];
    const isTransparent = control !== undefined && (bytes[control + 3] & 1) === 1;
    if (isWhole || isTransparent || codeBits > fewColours) return bytes;
    const said = Buffer.from([extension, graphicControl, 4, 1, 0, 0, unusedColour, 0]);
    if (control !== undefined) bytes.copy(said, 4, control + 4, control + 6);
    return Buffer.concat([
      bytes.subarray(0, control ?? at),
      said,
      bytes.subarray(control === undefined ? at : control + 8),
    ]);
  }
  return bytes;
}
