import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { writeAtomically } from '../files/write-atomically.ts';
import { type TripletPaths, tripletColumns } from './triplet-paths.ts';

/** Triplets that are turned into text at a time. */
const rowsAPiece = 1000;

/**
 * Writes triplets as CSV: the header `query,positive,negative`, then a line for each, cells quoted where RFC 4180 asks for
 * it. Paths are written relative to the file's own folder, with `/` between folders, so that images and file can be moved
 * together. Triplets are taken as they come and never held; the file appears whole or not at all, see `writeAtomically`.
 *
 * @param triplets paths absolute or relative to the working directory.
 * @returns how many triplets were written.
 */
export async function writeTripletFile(
  file: string,
  triplets: Iterable<TripletPaths> | AsyncIterable<TripletPaths>,
): Promise<number> {
  let written = 0;
  async function* text(): AsyncGenerator<string> {
    const relative = relativePaths(path.dirname(path.resolve(file)));
    yield csv([tripletColumns]);
    let rows: string[][] = [];
    for await (const triplet of triplets) {
      rows.push(tripletColumns.map((column) => relative(triplet[column])));
      written++;
      if (rows.length === rowsAPiece) {
        yield csv(rows);
        rows = [];
      }
    }
    yield csv(rows);
  }
  await writeAtomically(file, text());
  return written;
}

function csv(rows: readonly (readonly string[])[]): string {
  return stringify([...rows], { record_delimiter: '\n', quoted_match: /\r/ });
}

/** Remembers what it has answered: images come again and again. */
function relativePaths(folder: string): (image: string) => string {
  const known = new Map<string, string>();
  return (image) => {
    let relative = known.get(image);
    if (relative === undefined) {
      relative = path.relative(folder, path.resolve(image)).split(path.sep).join('/');
      known.set(image, relative);
    }
    return relative;
  };
}
