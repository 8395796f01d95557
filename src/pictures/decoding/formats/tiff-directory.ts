import type { Buffer } from 'node:buffer';

/** What the first directory of a TIFF file says of its picture (TIFF 6.0, sections 2 to 8). */
export interface TiffDirectory {
  readonly width: number;
  readonly height: number;
  /** Bits of each sample of a pixel. */
  readonly bits: readonly number[];
  readonly samplesPerPixel: number;
  /** 1 whole numbers, 2 signed ones, 3 floating point, 5 and 6 complex ones. */
  readonly sampleFormat: number;
  /** How the pixels are packed: 1 not at all, 5 LZW, 7 JPEG, 8 Deflate. */
  readonly compression: number;
  /** What the samples mean: 0 and 1 grey, 2 RGB, 3 a palette, 5 inks, 6 YCbCr, 8 and beyond Lab. */
  readonly photometric: number;
  /** Of each sample beyond the colour: 0 unspecified, 1 premultiplied transparency, 2 transparency; undefined if it is not said. */
  readonly extraSamples: readonly number[] | undefined;
  /** The end of the last strip or tile, in bytes from the file's begin; more than the file has if it is cut off. */
  readonly end: number;
}

/** Numbers of a field beyond which no more are read: bits, offsets and lengths of a picture have fewer. */
const mostNumbers = 4_000_000;

/**
 * Reads the first directory of a TIFF or BigTIFF file; undefined if it names no size.
 *
 * @throws RangeError if it is cut off.
 */
export function tiffDirectory(bytes: Buffer): TiffDirectory | undefined {
  const fields = firstFields(new TiffNumbers(bytes));
  const [width] = fields(256);
  const [height] = fields(257);
  if (width === undefined || height === undefined) return undefined;
  const [samplesPerPixel = 1] = fields(277);
  const bits = fields(258);
  const extraSamples = fields(338);
  const pieces =
    fields(324).length > 0
      ? { starts: fields(324), lengths: fields(325) }
      : { starts: fields(273), lengths: fields(279) };
  return {
    width,
    height,
    samplesPerPixel,
    bits: bits.length > 0 ? bits : [1],
    sampleFormat: Math.max(1, ...fields(339).slice(0, 64)),
    compression: fields(259)[0] ?? 1,
    photometric: fields(262)[0] ?? 0,
    extraSamples: extraSamples.length > 0 ? extraSamples : undefined,
    end: pieces.starts.reduce((end, start, place) => Math.max(end, start + (pieces.lengths[place] ?? 0)), 0),
  };
}

/** Whole numbers of a TIFF file in its order of bytes. */
class TiffNumbers {
  readonly big: boolean;
  readonly #bytes: Buffer;
  readonly #little: boolean;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#little = bytes[0] === 0x49;
    this.big = this.read(2, 2) === 43;
  }

  /** @throws RangeError beyond the end. */
  read(at: number, length: number): number {
    if (length < 8) return this.#little ? this.#bytes.readUIntLE(at, length) : this.#bytes.readUIntBE(at, length);
    return Number(this.#little ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at));
  }
}

/** Bytes of a number of a field's type: BYTE, SHORT, LONG, and LONG8 and IFD8 of BigTIFF. */
const numberLengths: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [13, 4],
  [16, 8],
  [18, 8],
]);

/** The numbers of a field of the first directory by its tag; none of a field that is not there or holds no whole numbers. */
function firstFields(numbers: TiffNumbers): (tag: number) => readonly number[] {
  const { entries, count, offset } = numbers.big
    ? { entries: 8, count: 20, offset: 8 }
    : { entries: 2, count: 12, offset: 4 };
  const directory = numbers.big ? numbers.read(8, 8) : numbers.read(4, 4);
  const places = new Map<number, number>();
  const total = numbers.read(directory, entries);
  for (let entry = 0; entry < total; entry++) {
    const at = directory + entries + entry * count;
    const tag = numbers.read(at, 2);
    if (!places.has(tag)) places.set(tag, at);
  }
  return (tag) => {
    const at = places.get(tag);
    const length = at === undefined ? undefined : numberLengths.get(numbers.read(at + 2, 2));
    if (at === undefined || length === undefined) return [];
    const howMany = numbers.read(at + 4, offset);
    const inline = at + 4 + offset;
    const from = howMany * length <= offset ? inline : numbers.read(inline, offset);
    return Array.from({ length: Math.min(howMany, mostNumbers) }, (_, place) =>
      numbers.read(from + place * length, length),
    );
  };
}
