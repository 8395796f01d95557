import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { datasetFromClassNames, type ImageDataset } from './dataset.ts';

const imageColumns = ['image', 'path', 'file'];
const labelColumns = ['label', 'class'];

/**
 * A CSV of images and classes. Its first line names the columns: one of `image`, `path`, `file`, and one of `label`,
 * `class`, in any case and order; other columns are not read. Cells are quoted as RFC 4180 has it; lines end in LF or CR LF. Paths are relative
 * to the CSV's own folder, or absolute, and are an image's id as they are written. An empty class cell is an image of no
 * class. The files are not looked at: one that is missing shows when it is decoded.
 *
 * @throws if the file is not a CSV, if a column is missing, if a path is empty or listed twice, or if there is no row;
 * with the file and, where there is one, the line.
 */
export async function loadLabelledCsv(file: string): Promise<ImageDataset> {
  const [header, ...rows] = parseRows(file, await readFile(file, 'utf8'));
  if (header === undefined)
    throw new Error(`'${file}' is empty: its first line has to name the columns image and label`);
  const imageColumn = columnOf(file, header.cells, imageColumns, '');
  const labelColumn = columnOf(file, header.cells, labelColumns, '; leave its cells empty for images of no class');
  if (rows.length === 0) throw new Error(`'${file}' lists no images: add a line for each below the header`);
  const lines = new Map<string, number>();
  const folder = path.dirname(file);
  const images = rows.map(({ cells, line }) => {
    const id = cells[imageColumn];
    if (id === '') throw new Error(`line ${line} of '${file}' has no path in column '${header.cells[imageColumn]}'`);
    const before = lines.get(id);
    if (before !== undefined) {
      throw new Error(`line ${line} of '${file}' lists '${id}' again, after line ${before}: keep one of the two`);
    }
    lines.set(id, line);
    return {
      id,
      source: { kind: 'file', path: path.resolve(folder, id) } as const,
      className: cells[labelColumn] === '' ? undefined : cells[labelColumn],
    };
  });
  return datasetFromClassNames(file, 'csv', images);
}

interface Row {
  readonly cells: readonly string[];
  /** Where the row ends in the file, counted from 1. */
  readonly line: number;
}

function parseRows(file: string, text: string): Row[] {
  const rows: Row[] = [];
  try {
    parse(text, {
      bom: true,
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      on_record: (cells, { lines }) => {
        rows.push({ cells, line: lines });
        return null;
      },
    });
    return rows;
  } catch (error) {
    throw new Error(`'${file}' is not a CSV: ${(error as Error).message}`, { cause: error });
  }
}

function columnOf(file: string, header: readonly string[], names: readonly string[], advice: string): number {
  const found = header.findIndex((cell) => names.includes(cell.trim().toLowerCase()));
  if (found < 0) {
    throw new Error(
      `the header of '${file}' has no column ${names.map((name) => `'${name}'`).join(' or ')}, only ` +
        `${header.map((cell) => `'${cell}'`).join(', ')}: name it in the first line${advice}`,
    );
  }
  return found;
}
