import type { Buffer } from 'node:buffer';

/** What a JPEG file says of its picture before the first scan. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Scans of a file whose scans each hold a part of all pixels; 1 of a plain one. */
  readonly passes: number;
  /** Bits a sample. */
  readonly precision: number;
  /**
   * Fewest bytes that the first scan can take: a Huffman code has at least a bit, and of each block of 8 x 8 samples there
   * are two of them (one where the scans are progressive). 0 for arithmetic codes, which may take less than a bit.
   */
  readonly fewestBytes: number;
  /** Bytes of the file from the first scan on. */
  readonly scanBytes: number;
}

const startOfScan = 0xda;

/**
 * Reads the segments up to the first scan (ITU-T T.81, annex B); bytes between segments are passed over, as decoders do.
 * Undefined if there is no frame or no scan.
 *
 * @throws RangeError if a segment is cut off.
 */
export function jpegHeader(bytes: Buffer): JpegHeader | undefined {
  let frame: Frame | undefined;
  for (let at = 2; ; ) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) return undefined;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff || marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9) return undefined;
    const segment = bytes.subarray(at + 4, at + 2 + bytes.readUInt16BE(at + 2));
    if (marker === startOfScan) return frame && withScans(frame, segment.readUInt8(0), bytes.subarray(at));
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) frame = frameOf(marker, segment);
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

interface Frame {
  readonly marker: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly { readonly across: number; readonly down: number }[];
}

function frameOf(marker: number, segment: Buffer): Frame {
  const components = Array.from({ length: segment.readUInt8(5) }, (_, place) => {
    const sampling = segment.readUInt8(7 + 3 * place);
    return { across: sampling >> 4, down: sampling & 15 };
  });
  return {
    marker,
    precision: segment.readUInt8(0),
    height: segment.readUInt16BE(1),
    width: segment.readUInt16BE(3),
    components,
  };
}

function withScans(frame: Frame, inFirstScan: number, scans: Buffer): JpegHeader {
  const { marker, width, height, precision, components } = frame;
  const progressive = [0xc2, 0xc6, 0xca, 0xce].includes(marker);
  const arithmetic = marker >= 0xc9;
  const severalScans = progressive || inFirstScan < components.length;
  const most = {
    across: Math.max(1, ...components.map(({ across }) => across)),
    down: Math.max(1, ...components.map(({ down }) => down)),
  };
  const blocks = components.reduce(
    (sum, { across, down }) =>
      sum + Math.ceil((width * across) / most.across / 8) * Math.ceil((height * down) / most.down / 8),
    0,
  );
  const codes = severalScans ? blocks / Math.max(1, components.length) : 2 * blocks;
  return {
    width,
    height,
    precision,
    passes: severalScans ? Math.max(1, countOf(scans, startOfScan)) : 1,
    fewestBytes: arithmetic ? 0 : Math.floor(codes / 8),
    scanBytes: scans.length,
  };
}

/** How often a marker stands in entropy-coded bytes: there 0xff is followed by 0 where it is none. */
function countOf(bytes: Buffer, marker: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) if (bytes[at + 1] === marker) count++;
  return count;
}
