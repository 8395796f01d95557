import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { FileError } from '../errors/file-error.ts';
import { excerpt } from './excerpt.ts';
import { fileError } from './file-error.ts';
import { fileText } from './file-text.ts';

/** A row of a CSV. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** The line in which it ends, counted from 1. */
  readonly line: number;
}

/** Characters that a row may have. */
const longestRow = 1 << 24;
/** Characters that a cell may have whose content is used: paths and names are no longer. */
const longestCell = 4096;
/** Columns that a message names. */
const named = 12;

/**
 * The rows of a CSV, the header first, one after the other, never the whole file. Every CSV is read by these rules (RFC 4180
 * with its line ends and blanks left freer):
 * - lines end in LF, CR LF or CR, also mixed; empty lines and lines of blanks are skipped;
 * - blanks around a cell are not part of it, in the header as elsewhere; those inside quotes are;
 * - a quoted cell may have commas, line ends and doubled quotes in it; cells are separated by commas;
 * - the text is UTF-8, with or without a byte order mark, or UTF-16 with one.
 *
 * @throws if the file is no ordinary one or cannot be read, is no CSV, is of another encoding, or has a row with a cell too
 * few or too many or of 16 Mi characters.
 */
export async function* csvRows(file: string): AsyncGenerator<CsvRow, void, undefined> {
  const parser = parse({
    info: true,
    skip_empty_lines: true,
    trim: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: longestRow,
  });
  const source = Readable.from(fileText(file));
  source.on('error', (error) => parser.destroy(error));
  const rows: AsyncIterable<{ readonly record: readonly string[]; readonly info: Info }> = source.pipe(parser);
  try {
    for await (const { record, info } of rows) yield { cells: record, line: info.lines };
  } catch (error) {
    if (error instanceof CsvError) {
      throw new FileError(`'${file}' is not a CSV: ${csvWords(error)}`, { cause: error });
    }
    throw fileError('read', file, error);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** What is wrong in a CSV, and what to look for. */
function csvWords(error: CsvError): string {
  const { code, message } = error;
  const [, expected, found, line] = /expect (\d+), got (\d+) on line (\d+)/.exec(message) ?? [];
  if (code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' && line !== undefined) {
    return (
      `line ${line} has ${found === '1' ? '1 cell' : `${found} cells`}, and the first line ${expected}: the first line names the columns, ` +
      'and a cell with a comma in it stands in quotes'
    );
  }
  const [, opened] = /opening quote at line (\d+)/.exec(message) ?? [];
  if (code === 'CSV_QUOTE_NOT_CLOSED' && opened !== undefined) {
    return `a quote is still open at the end of the file (line ${opened}): look for one that is not closed`;
  }
  return excerpt(message, 300);
}

/**
 * The place of the first of `names` in a header, in any case.
 *
 * @param advice what to do if there is none, behind what there is.
 * @throws if there is none, or if two columns have its name: one of them would be passed over in silence.
 */
export function columnOf(file: string, header: readonly string[], names: readonly string[], advice = ''): number {
  const found = header.findIndex((cell) => names.includes(cell.toLowerCase()));
  if (found >= 0) {
    const name = header[found].toLowerCase();
    const other = header.findIndex((cell, place) => place > found && cell.toLowerCase() === name);
    if (other === -1) return found;
    throw new FileError(
      `the first line of '${file}' names column ${found + 1} and column ${other + 1} '${excerpt(header[found])}': remove one of them, or call it otherwise`,
    );
  }
  const mark = header.length === 1 ? [';', '\t'].find((one) => header[0].includes(one)) : undefined;
  if (mark !== undefined) {
    throw new FileError(
      `the columns of '${file}' are divided by ${mark === ';' ? 'semicolons' : 'tabs'}, expected commas: save it as comma-separated values`,
    );
  }
  const listed = header.slice(0, named).map((cell) => `'${excerpt(cell)}'`);
  const more = header.length > named ? ` and ${header.length - named} more` : '';
  throw new FileError(
    `the first line of '${file}' has no column ${names.map((name) => `'${name}'`).join(' or ')}, only ` +
      `${listed.join(', ')}${more}${advice}`,
  );
}

/** What a row has in a column. @throws if it is longer than any path or name: 4,096 characters. */
export function cellOf(file: string, { cells, line }: CsvRow, column: number): string {
  const cell = cells[column];
  if (cell.length <= longestCell) return cell;
  throw new FileError(
    `line ${line} of '${file}' has '${excerpt(cell)}' in column ${column + 1}: a path or a name has at most ${longestCell} ` +
      'characters; look for a quote that is not closed',
  );
}
