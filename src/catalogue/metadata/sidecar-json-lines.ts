import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { fileLines } from '../../foundation/files/file-lines.ts';
import { imageColumns, type SidecarTable, type SidecarTableRow } from './sidecar-table.ts';

/** JSON lines of metadata as they are written: an object a line; empty lines are skipped. @throws with the line that is none. */
export async function jsonLinesTable(file: string): Promise<SidecarTable> {
  const rows: SidecarTableRow[] = [];
  for await (const { text, line } of fileLines(file)) {
    if (text.trim() !== '') rows.push(rowOf(file, line, text));
  }
  return { stated: new Map(), typed: true, rows };
}

function rowOf(file: string, line: number, text: string): SidecarTableRow {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DatasetError(`line ${line} of '${file}' is no JSON: ${excerpt((error as Error).message, 200)}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new DatasetError(`line ${line} of '${file}' is no object, expected {"id": "a.jpg", …}: '${excerpt(text)}'`);
  }
  const entries = Object.entries(json);
  const key = imageColumns.find((name) => Object.hasOwn(json, name));
  const id = entries.find(([name]) => name === key)?.[1];
  if (typeof id !== 'string') {
    throw new DatasetError(
      `line ${line} of '${file}' names no image: it has no text in ${imageColumns.map((name) => `'${name}'`).join(', ')}`,
    );
  }
  const values = entries.filter(([name, value]) => name !== key && value !== null && !isEmptyList(value));
  return { id, line, values: new Map(values) };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
