import { stringify } from 'csv-stringify/sync';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import type { TripletBlock } from './triplet-block.ts';
import { tripletColumns } from './triplet-paths.ts';

/** What a cell may not have outside quotes: what separates cells and lines, and blanks around it. */
const needsQuotes = /[",\r\n]|^\s|\s$/;
/** Bytes of text that are made at a time: few enough to stay in a core's cache beside the cells. */
const pieceBytes = 1 << 18;
/** Triplets whose cells are looked up ahead of being copied. */
const tripletsAhead = 32;
const comma = 44;
const lineEnd = 10;

/**
 * The text of a triplet file as UTF-8, piece by piece: a header, then a line a triplet, cells quoted where
 * `csvRows` asks for it. Every cell is turned into bytes once; a line is three copies, and where a triplet has the query and the positive
 * of the one before it, two, for these come as one.
 *
 * Two pieces of memory take turns: a piece holds until the piece after the next is made.
 */
export class TripletFileLines {
  readonly #cells: Uint8Array;
  /** First byte and length of each cell in turn. */
  readonly #places: Uint32Array;
  readonly #copy: CopyBytes;
  readonly #pieces: readonly Uint8Array[];
  #turn = 0;

  /** @param cells the cell of each image, unquoted. */
  constructor(cells: readonly string[]) {
    this.#places = new Uint32Array(2 * cells.length);
    let size = 0;
    let longest = 0;
    let copy: CopyBytes = copyDoubles;
    const encoded = cells.map((cell, image) => {
      const bytes = Buffer.from(needsQuotes.test(cell) ? quoted([cell]) : cell);
      if (bytes.some((byte) => byte >= 0xf0)) copy = copyIntegers;
      this.#places[2 * image] = size;
      this.#places[2 * image + 1] = bytes.length;
      size += bytes.length;
      longest = Math.max(longest, bytes.length);
      return bytes;
    });
    this.#cells = new Uint8Array(size + copyUnit);
    for (const [image, bytes] of encoded.entries()) this.#cells.set(bytes, this.#places[2 * image]);
    this.#copy = copy;
    const longestLine = 3 * (longest + 1) + copyUnit;
    this.#pieces = [0, 1].map(() => new Uint8Array(pieceBytes + longestLine));
  }

  /** The first line. */
  header(): Uint8Array {
    return Buffer.from(`${quoted(tripletColumns)}\n`);
  }

  /** The lines of triplets, in pieces. @throws if a triplet names an image that has no cell. */
  *pieces(blocks: Iterable<TripletBlock>): Generator<Uint8Array, void, undefined> {
    let piece = this.#nextPiece();
    let used = 0;
    for (const block of blocks) {
      let from = 0;
      while (from < block.length) {
        const done = this.#encode(block, from, piece, used);
        from = done.from;
        used = done.used;
        if (used < pieceBytes) continue;
        yield piece.subarray(0, used);
        piece = this.#nextPiece();
        used = 0;
      }
    }
    if (used > 0) yield piece.subarray(0, used);
  }

  /** Puts lines behind the `used` bytes of a piece until it is full or the block ends. */
  #encode(block: TripletBlock, first: number, piece: Uint8Array, usedBefore: number): { from: number; used: number } {
    const places = this.#places;
    const copy = this.#copy;
    const cells = new DataView(this.#cells.buffer);
    const target = new DataView(piece.buffer);
    let from = first;
    let ahead = first;
    let used = usedBefore;
    let pair = 0;
    let pairLength = 0;
    let query = -1;
    let positive = -1;
    for (; from < block.length && used < pieceBytes; from += 3) {
      if (from === ahead) {
        ahead = Math.min(block.length, from + 3 * tripletsAhead);
        this.#lookUp(block, from, ahead);
      }
      if (block[from] === query && block[from + 1] === positive) {
        copy(target, pair, target, used, pairLength);
        pair = used;
        used += pairLength;
      } else {
        query = block[from];
        positive = block[from + 1];
        pair = used;
        copy(cells, places[2 * query], target, used, places[2 * query + 1]);
        used += places[2 * query + 1];
        piece[used++] = comma;
        copy(cells, places[2 * positive], target, used, places[2 * positive + 1]);
        used += places[2 * positive + 1];
        piece[used++] = comma;
        pairLength = used - pair;
      }
      const negative = block[from + 2];
      copy(cells, places[2 * negative], target, used, places[2 * negative + 1]);
      used += places[2 * negative + 1];
      piece[used++] = lineEnd;
    }
    return { from, used };
  }

  /**
   * Reads both ends of the cells of some triplets, and checks that they are there. The processor fetches them all at once
   * this way; copied one after the other, each would wait for memory alone.
   */
  #lookUp(block: TripletBlock, from: number, end: number): number {
    const places = this.#places;
    const cells = this.#cells;
    let seen = 0;
    for (let at = from; at < end; at++) {
      const place = 2 * block[at];
      if (place >= places.length) {
        const count = places.length / 2;
        throw new DatasetError(`a triplet names image ${block[at]}, but there are ${count} images, counted from 0`);
      }
      seen |= cells[places[place]] | cells[places[place] + places[place + 1]];
    }
    return seen;
  }

  #nextPiece(): Uint8Array {
    this.#turn = 1 - this.#turn;
    return this.#pieces[this.#turn];
  }
}

/** Copies `length` bytes, and up to seven more, which whatever is put behind them writes over. */
type CopyBytes = (source: DataView, from: number, target: DataView, to: number, length: number) => void;

const copyUnit = 8;

/**
 * By doubles: the widest that a JavaScript engine moves without making an object. It may change the bits of a double that
 * is not a number, whose last byte is 0x7f or 0xff and the one before it at least 0xf0: cells must have no byte like that.
 */
function copyDoubles(source: DataView, from: number, target: DataView, to: number, length: number): void {
  for (let k = 0; k < length; k += 8) target.setFloat64(to + k, source.getFloat64(from + k, true), true);
}

/** By integers, for names with characters of four bytes in UTF-8, which begin with 0xf0 or more. */
function copyIntegers(source: DataView, from: number, target: DataView, to: number, length: number): void {
  for (let k = 0; k < length; k += 4) target.setInt32(to + k, source.getInt32(from + k, true), true);
}

function quoted(row: readonly string[]): string {
  return stringify([[...row]], { record_delimiter: '\n', quoted_match: needsQuotes }).slice(0, -1);
}
