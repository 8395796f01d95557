import { readFile } from 'node:fs/promises';
import { FileError } from '../../foundation/errors/file-error.ts';
import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { newFields } from '../metadata/metadata-fields.ts';
import { keptImages } from '../stores/check-metadata.ts';
import { checkRows } from '../stores/check-vectors.ts';
import { loadLanceDb } from '../stores/lancedb/library.ts';
import {
  addedFromColumn,
  arrowRows,
  emptyColumn,
  fieldsOfSchema,
  type JsonRow,
  storedVectorOf,
} from '../stores/lancedb/rows.ts';
import { emptySchema, stampKey, stampOfSchema } from '../stores/lancedb/table.ts';
import { namedVectorOf, requireColumns } from './named-vector.ts';
import type { NamedVectors, VectorTable } from './vector-table.ts';

/** Writes an Arrow file (IPC). @throws if a vector is none of the stamp. */
export async function writeArrowFile(file: string, { stamp, rows: given }: VectorTable): Promise<void> {
  checkRows(file, stamp, given);
  const rows = keptImages(given);
  const library = await loadLanceDb();
  const { arrow } = library;
  const columns = emptySchema(library, stamp);
  const beside = newFields(file, [], rows).map((field) => emptyColumn(library, field));
  const added = rows.some(({ addedFrom }) => addedFrom !== undefined)
    ? [new arrow.Field(addedFromColumn, new arrow.Utf8(), true)]
    : [];
  const schema = new arrow.Schema([...columns.fields, ...beside, ...added], columns.metadata);
  await writeAtomically(file, arrow.tableToIPC(arrowRows(library, schema, stamp, rows), 'file'));
}

/**
 * Reads an Arrow file of vectors: as `writeArrowFile` writes them, or any other with the columns `id` (text) and `vector` (a list of
 * numbers).
 *
 * @throws FileError if it is none, or damaged.
 */
export async function readArrowFile(file: string): Promise<VectorTable | NamedVectors> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  const { arrow } = await loadLanceDb();
  try {
    const table = arrow.tableFromIPC(bytes);
    if (!table.schema.metadata.has(stampKey)) {
      requireColumns(file, 'Arrow', table.schema.names.map(String));
      return { named: table.toArray().map((row: JsonRow) => namedVectorOf(file, row.toJSON())) };
    }
    const stamp = stampOfSchema(table.schema, file);
    const fields = fieldsOfSchema(table.schema);
    const rows = table.toArray().map((row: JsonRow) => storedVectorOf(row.toJSON(), stamp, fields));
    checkRows(file, stamp, rows);
    return { stamp, rows };
  } catch (error) {
    if (error instanceof LookalikeError) throw error;
    throw new FileError(`'${file}' is no Arrow file of vectors, or damaged: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
