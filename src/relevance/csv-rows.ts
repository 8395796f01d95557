import { createReadStream } from 'node:fs';
import { CsvError, type Info, parse } from 'csv-parse';
import { fileError } from '../files/file-error.ts';

/** A row of a CSV. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** The line in which it ends, counted from 1. */
  readonly line: number;
}

/**
 * The rows of a CSV, the header first, one after the other, never the whole file. Empty lines are skipped.
 *
 * @throws if the file cannot be read, is no CSV, or has a row with a cell too few or too many.
 */
export async function* csvRows(file: string): AsyncGenerator<CsvRow, void, undefined> {
  const source = createReadStream(file);
  const parser = parse({ bom: true, info: true, skip_empty_lines: true });
  source.on('error', (error) => parser.destroy(error));
  const rows: AsyncIterable<{ readonly record: readonly string[]; readonly info: Info }> = source.pipe(parser);
  try {
    for await (const { record, info } of rows) yield { cells: record, line: info.lines };
  } catch (error) {
    if (error instanceof CsvError) throw new Error(`'${file}' is not a CSV: ${error.message}`, { cause: error });
    throw fileError('read', file, error);
  } finally {
    source.destroy();
  }
}

/** The place of the first of `names` in a header, in any case. @throws if there is none. */
export function columnOf(file: string, header: readonly string[], names: readonly string[]): number {
  const found = header.findIndex((cell) => names.includes(cell.trim().toLowerCase()));
  if (found >= 0) return found;
  throw new Error(
    `the first line of '${file}' has no column ${names.map((name) => `'${name}'`).join(' or ')}, only ` +
      header.map((cell) => `'${cell}'`).join(', '),
  );
}
