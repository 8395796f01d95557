import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CsvError, type Info, parse } from 'csv-parse';
import { fileError } from '../files/file-error.ts';
import { TripletList } from './triplet-list.ts';
import { type TripletPaths, tripletColumns } from './triplet-paths.ts';

/** A triplet of a file, with absolute paths. */
export interface TripletRow extends TripletPaths {
  /** The line in which the row ends, counted from 1. */
  readonly line: number;
}

/**
 * Reads triplets from a CSV, one after the other, never the whole file. Its first line names the columns `query`,
 * `positive` and `negative`, in any case and order; other columns are not read. Paths are relative to the CSV's own
 * folder, or absolute. Empty lines are skipped. The images are not looked at: one that is missing shows when it is decoded.
 *
 * @throws if the file cannot be read, is not a CSV, lacks a column or has no triplet, and if a row has a cell too few or
 * too many, an empty path, or one file twice; with the file and the line.
 */
export async function* readTripletFile(file: string): AsyncGenerator<TripletRow, void, undefined> {
  const folder = path.dirname(path.resolve(file));
  let places: readonly number[] | undefined;
  let triplets = 0;
  for await (const { record, info } of records(file)) {
    if (places === undefined) {
      places = tripletColumns.map((column) => placeOf(column, record, file));
      continue;
    }
    const [query, positive, negative] = places.map((place, column) => {
      if (record[place] === '') throw new Error(`line ${info.lines} of '${file}' has no ${tripletColumns[column]}`);
      return path.resolve(folder, record[place]);
    });
    if (query === positive || query === negative || positive === negative) {
      const twice = query === negative ? query : positive;
      throw new Error(
        `line ${info.lines} of '${file}' has '${twice}' twice: a triplet is three different images; remove the line`,
      );
    }
    triplets++;
    yield { query, positive, negative, line: info.lines };
  }
  if (triplets === 0) {
    const state = places === undefined ? 'is empty' : 'lists no triplets';
    throw new Error(`'${file}' ${state}: give the header ${tripletColumns.join(',')} and a line for each triplet`);
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

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

async function* records(file: string): AsyncGenerator<CsvRecord, void, undefined> {
  const source = createReadStream(file);
  const parser = parse({ bom: true, info: true, skip_empty_lines: true });
  source.on('error', (error) => parser.destroy(error));
  const rows: AsyncIterable<CsvRecord> = source.pipe(parser);
  try {
    for await (const row of rows) yield row;
  } catch (error) {
    if (error instanceof CsvError) throw new Error(`'${file}' is not a CSV: ${error.message}`, { cause: error });
    throw fileError('read', file, error);
  } finally {
    source.destroy();
  }
}

function placeOf(column: string, header: readonly string[], file: string): number {
  const place = header.findIndex((cell) => cell.trim().toLowerCase() === column);
  if (place >= 0) return place;
  throw new Error(
    `the first line of '${file}' has no column '${column}', only ${header.map((cell) => `'${cell}'`).join(', ')}: ` +
      `it has to be ${tripletColumns.join(',')}`,
  );
}
