import path from 'node:path';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { type FieldKind, kindsOfFields } from './field-kinds.ts';
import {
  kindInWords,
  type Metadata,
  type MetadataField,
  type MetadataValue,
  wrongFieldName,
  wrongValue,
} from './metadata.ts';
import { csvTable } from './sidecar-csv.ts';
import { jsonLinesTable } from './sidecar-json-lines.ts';
import type { SidecarTable } from './sidecar-table.ts';
import { valueOfText } from './value-text.ts';

/** What a sidecar says of one image. */
export interface SidecarRow {
  /** The line that it stands in, from 1. */
  readonly line: number;
  readonly metadata: Metadata;
}

/** What a file beside pictures says of them. */
export interface Sidecar {
  readonly file: string;
  readonly fields: readonly MetadataField[];
  /** By the names of the images, with `/` between folders. */
  readonly rows: ReadonlyMap<string, SidecarRow>;
  /** Those of them whose names were written with `\\`, as they were written: it is a part of a name where systems let it be. */
  readonly asWritten: ReadonlyMap<string, SidecarRow>;
}

/** What a sidecar says of an image; undefined if it says nothing. */
export function rowOfImage({ rows, asWritten }: Sidecar, id: string): SidecarRow | undefined {
  return asWritten.get(id) ?? rows.get(id);
}

/**
 * Reads what is known of images from a CSV (`.csv`) or from JSON lines (`.jsonl`, `.ndjson`), UTF-8 with or without a
 * byte order mark, or UTF-16 with one. A row names its image in the column `id`, `path`, `file`, `filename` or `image`, as the store
 * calls it; every other column is a field. A field has one kind: the one that it has in the store, the one behind its name in a CSV
 * (`price:number`), or the one that all its values are of: number, true or false, a date (ISO 8601), else text. In a CSV `007` and whole numbers beyond 2^53 are texts. An empty cell or
 * null is no value. In a CSV the texts of a list (`tags:list`) are separated by `;`.
 *
 * @param known the fields that the store has.
 * @throws DatasetError with the file and the line: of a value of another kind, of an image that is there twice, of a column that
 * cannot be a field, of a column of images that is missing.
 */
export async function readSidecar(file: string, known: readonly MetadataField[] = []): Promise<Sidecar> {
  const table = await tableOf(file);
  const kinds = kindsOfFields(file, table, known);
  const rows = new Map<string, SidecarRow>();
  const asWritten = new Map<string, SidecarRow>();
  for (const { id: written, line, values } of table.rows) {
    const id = written.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
    const before = rows.get(id);
    if (id === '') throw new DatasetError(`line ${line} of '${file}' names no image`);
    if (before !== undefined) {
      throw new DatasetError(
        `lines ${before.line} and ${line} of '${file}' are both about '${excerpt(id)}': leave one of them`,
      );
    }
    const row = { line, metadata: metadataOf(file, line, values, kinds) };
    rows.set(id, row);
    if (written.includes('\\')) asWritten.set(written, row);
  }
  if (rows.size === 0) throw new DatasetError(`'${file}' describes no images: give it a line for each`);
  const fields = [...kinds].map(([name, { kind }]) => ({ name, kind }));
  return { file, fields: fields.sort((a, b) => (a.name < b.name ? -1 : 1)), rows, asWritten };
}

async function tableOf(file: string): Promise<SidecarTable> {
  const readers = { '.csv': csvTable, '.jsonl': jsonLinesTable, '.ndjson': jsonLinesTable } as const;
  const ending = path.extname(file).toLowerCase();
  const read = readers[ending as keyof typeof readers];
  if (read === undefined) {
    throw new DatasetError(
      `'${file}' is no file of metadata: it ends in ${ending || 'nothing'}, expected .csv or .jsonl`,
    );
  }
  return read(file);
}

function metadataOf(
  file: string,
  line: number,
  values: ReadonlyMap<string, unknown>,
  kinds: ReadonlyMap<string, FieldKind>,
): Metadata {
  const metadata: Record<string, MetadataValue> = {};
  for (const [name, written] of values) {
    const kind = kinds.get(name);
    if (kind === undefined) continue;
    const wrongName = wrongFieldName(name);
    if (wrongName !== undefined) {
      throw new DatasetError(`the name of a field of '${file}', '${excerpt(name)}', ${wrongName}: rename the column`);
    }
    const value = typeof written === 'string' ? valueOfText(kind.kind, written) : jsonValue(kind, written);
    const wrong = value === undefined ? `is not of a field of ${kindInWords[kind.kind]}` : wrongValue(value);
    if (value === undefined || wrong !== undefined) {
      const shown = excerpt(typeof written === 'string' ? written : JSON.stringify(written));
      throw new DatasetError(`line ${line} of '${file}': '${shown}' in '${name}' ${wrong}, ${kind.reason}`);
    }
    Object.defineProperty(metadata, name, { value, enumerable: true });
  }
  return metadata;
}

/** A value of JSON that is no text, where its field is of its kind. */
function jsonValue({ kind }: FieldKind, written: unknown): MetadataValue | undefined {
  if (kind === 'number' && typeof written === 'number') return written;
  if (kind === 'flag' && typeof written === 'boolean') return written;
  if (kind === 'text' && typeof written !== 'object') return String(written);
  const isList = kind === 'list' && Array.isArray(written) && written.every((item) => typeof item === 'string');
  return isList ? written : undefined;
}
