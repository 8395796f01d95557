import path from 'node:path';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { cellOf, columnOf, csvRows } from '../../foundation/files/csv-rows.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { TripletList } from './triplet-list.ts';
import { type TripletPaths, tripletColumnNames, tripletColumns } from './triplet-paths.ts';

/** A triplet of a file, with absolute paths. */
export interface TripletRow extends TripletPaths {
  /** The line in which the row ends, counted from 1. */
  readonly line: number;
}

/**
 * Reads triplets from a CSV by the rules of `csvRows`, one after the other, never the whole file. Its first line names the columns `query` (or `anchor`),
 * `positive` and `negative`, in any case and order; other columns are not read. Paths are relative to the CSV's own
 * folder, or absolute. The images are not looked at: one that is missing shows when it is decoded.
 *
 * @throws if the file cannot be read, is not a CSV, lacks a column or has no triplet, and if a row has a cell too few or
 * too many, an empty path or one of more than 4,096 characters, or one file twice; with the file and the line.
 */
export async function* readTripletFile(file: string): AsyncGenerator<TripletRow, void, undefined> {
  const folder = path.dirname(path.resolve(file));
  let places: readonly number[] | undefined;
  let triplets = 0;
  for await (const row of csvRows(file)) {
    if (places === undefined) {
      places = tripletColumns.map((column) =>
        columnOf(file, row.cells, tripletColumnNames[column], `: it has to be ${tripletColumns.join(',')}`),
      );
      continue;
    }
    const [query, positive, negative] = places.map((place, column) => {
      const cell = cellOf(file, row, place);
      if (cell === '') throw new DatasetError(`line ${row.line} of '${file}' has no ${tripletColumns[column]}`);
      return path.resolve(folder, cell);
    });
    if (query === positive || query === negative || positive === negative) {
      const twice = query === negative ? query : positive;
      throw new DatasetError(
        `line ${row.line} of '${file}' has '${excerpt(twice, 200)}' twice: a triplet is three different images; remove the line`,
      );
    }
    triplets++;
    yield { query, positive, negative, line: row.line };
  }
  if (triplets === 0) {
    const state = places === undefined ? 'is empty' : 'lists no triplets';
    throw new DatasetError(
      `'${file}' ${state}: give the header ${tripletColumns.join(',')} and a line for each triplet`,
    );
  }
}

/** The triplets of a file as indexes into the list of its different images, which are in order of appearance. */
export async function loadTripletFile(
  file: string,
): Promise<{ readonly images: readonly string[]; readonly triplets: TripletList }> {
  const indexes = new Map<string, number>();
  const indexOf = (image: string): number => {
    const index = indexes.get(image) ?? indexes.size;
    indexes.set(image, index);
    return index;
  };
  const triplets = new TripletList();
  for await (const { query, positive, negative } of readTripletFile(file)) {
    triplets.push({ query: indexOf(query), positive: indexOf(positive), negative: indexOf(negative) });
  }
  return { images: [...indexes.keys()], triplets };
}
