import { Buffer } from 'node:buffer';
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { FileError } from '../../foundation/errors/file-error.ts';
import { LookalikeError } from '../../foundation/errors/lookalike-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import type { MetadataField, MetadataKind } from '../metadata/metadata.ts';
import { newFields } from '../metadata/metadata-fields.ts';
import { keptImages } from '../stores/check-metadata.ts';
import { checkRows } from '../stores/check-vectors.ts';
import { columnOfField, columnValue } from '../stores/lancedb/fields.ts';
import { addedFromColumn, fieldsOfSchema, storedVectorOf } from '../stores/lancedb/rows.ts';
import { stampKey } from '../stores/lancedb/table.ts';
import { keptVector } from '../stores/lancedb/vectors.ts';
import { parseStamp, type StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { namedVectorOf, requireColumns } from './named-vector.ts';
import { loadParquetReader, loadParquetWriter, type ParquetReader } from './parquet-library.ts';
import type { NamedVectors, VectorTable } from './vector-table.ts';

/** Rows of a row group: what is in memory as plain arrays at a time. */
const rowsAGroup = 1000;

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;
const byte = { type: 'INT32', converted_type: 'UINT_8' } as const;

/**
 * Writes a Parquet file: the columns that a LanceDB store has, vectors as lists of float32 (of Hamming distances bytes), the stamp
 * under `lookalike.stamp` in the file's key-value metadata.
 *
 * @throws if a vector is none of the stamp.
 */
export async function writeParquetFile(file: string, { stamp, rows: given }: VectorTable): Promise<void> {
  checkRows(file, stamp, given);
  const rows = keptImages(given);
  const { ByteWriter, ParquetWriter } = await loadParquetWriter();
  const columns = columnsOf(stamp, newFields(file, [], rows), rows);
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(({ elements }) => [...elements]),
  ];
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema,
    // Elements of vectors are as good as random, and nothing makes them shorter.
    codec: 'UNCOMPRESSED',
    kvMetadata: [{ key: stampKey, value: JSON.stringify(stamp) }],
  });
  for (let first = 0; first < rows.length || first === 0; first += rowsAGroup) {
    const some = rows.slice(first, first + rowsAGroup);
    const columnData = columns.map(({ name, cellOf }) => ({ name, data: some.map(cellOf), statistics: false }));
    writer.write({ columnData, rowGroupSize: rowsAGroup });
  }
  writer.finish();
  await writeAtomically(file, Buffer.from(bytes.getBuffer()));
}

interface Column {
  readonly name: string;
  readonly elements: readonly SchemaElement[];
  readonly cellOf: (row: StoredVector) => unknown;
}

function columnsOf(stamp: StoreStamp, fields: readonly MetadataField[], rows: readonly StoredVector[]): Column[] {
  const column = (name: string, kind: Omit<SchemaElement, 'name'>, cellOf: Column['cellOf']): Column => ({
    ...{ name, cellOf },
    elements: [{ name, repetition_type: 'REQUIRED', ...kind }],
  });
  const element = stamp.distance === 'hamming' ? byte : ({ type: 'FLOAT' } as const);
  const added = rows.some(({ addedFrom }) => addedFrom !== undefined);
  return [
    column('id', text, ({ id }) => id),
    column('contentHash', text, ({ contentHash }) => contentHash),
    column('modifiedAt', { type: 'DOUBLE' }, ({ modifiedAt }) => modifiedAt),
    column('byteLength', { type: 'DOUBLE' }, ({ byteLength }) => byteLength),
    {
      name: 'vector',
      elements: listOf('vector', 'REQUIRED', { name: 'element', repetition_type: 'REQUIRED', ...element }),
      cellOf: ({ vector }) => Array.from(keptVector(stamp, vector)),
    },
    ...fields.map((field) => ({
      name: columnOfField(field),
      elements: elementsOfKind[field.kind](columnOfField(field)),
      cellOf: ({ metadata }: StoredVector) => columnValue(metadata?.[field.name]),
    })),
    ...(added
      ? [column(addedFromColumn, { ...text, repetition_type: 'OPTIONAL' }, ({ addedFrom }) => addedFrom ?? null)]
      : []),
  ];
}

/** A list as Parquet has it: three levels. */
function listOf(name: string, repetition: 'REQUIRED' | 'OPTIONAL', element: SchemaElement): SchemaElement[] {
  const list = { converted_type: 'LIST', logical_type: { type: 'LIST' } } as const;
  return [
    { name, repetition_type: repetition, num_children: 1, ...list },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    element,
  ];
}

/** The column of a field, as it is in a LanceDB store. */
const elementsOfKind: Readonly<Record<MetadataKind, (name: string) => SchemaElement[]>> = {
  text: (name) => [{ name, repetition_type: 'OPTIONAL', ...text }],
  number: (name) => [{ name, repetition_type: 'OPTIONAL', type: 'DOUBLE' }],
  flag: (name) => [{ name, repetition_type: 'OPTIONAL', ...byte }],
  date: (name) => [{ name, repetition_type: 'OPTIONAL', type: 'DOUBLE' }],
  list: (name) => listOf(name, 'OPTIONAL', { name: 'element', repetition_type: 'OPTIONAL', ...text }),
};

/**
 * Reads a Parquet file of vectors: as `writeParquetFile` writes them, or any other with the columns `id` (text) and `vector` (a
 * list of numbers).
 *
 * @throws FileError if it is none, or damaged.
 */
export async function readParquetFile(file: string): Promise<VectorTable | NamedVectors> {
  const reader = await loadParquetReader();
  try {
    const opened = await openParquet(reader, file);
    const stampText = opened.metadata.key_value_metadata?.find(({ key }) => key === stampKey)?.value;
    if (stampText === undefined) {
      return { named: await rowsOfFile(reader, opened, ['id', 'vector'], (row) => namedVectorOf(file, row)) };
    }
    const stamp = parseStamp(file, stampText);
    const names = reader.parquet.parquetSchema(opened.metadata).children.map(({ element: { name } }) => ({ name }));
    const fields = fieldsOfSchema({ fields: names });
    const rows = await rowsOfFile(reader, opened, undefined, (row) => storedVectorOf(row, stamp, fields));
    checkRows(file, stamp, rows);
    return { stamp, rows };
  } catch (error) {
    if (error instanceof LookalikeError) throw error;
    if (codeOf(error) !== undefined) throw fileError('read', file, error);
    throw new FileError(`'${file}' is no Parquet file of vectors, or damaged: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface OpenedParquet {
  readonly buffer: Awaited<ReturnType<ParquetReader['parquet']['asyncBufferFromFile']>>;
  readonly metadata: FileMetaData;
}

async function openParquet({ parquet }: ParquetReader, file: string): Promise<OpenedParquet> {
  const buffer = await parquet.asyncBufferFromFile(file);
  const metadata = await parquet.parquetMetadataAsync(buffer);
  const { children } = parquet.parquetSchema(metadata);
  requireColumns(
    file,
    'Parquet',
    children.map(({ element }) => element.name),
  );
  return { buffer, metadata };
}

/** The rows of a file, a row group at a time, each turned into what is kept of it. */
async function rowsOfFile<Row>(
  { parquet, compressors }: ParquetReader,
  { buffer, metadata }: OpenedParquet,
  columns: string[] | undefined,
  kept: (row: Readonly<Record<string, unknown>>) => Row,
): Promise<Row[]> {
  const rows: Row[] = [];
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const options = { file: buffer, metadata, compressors, rowStart, rowEnd };
    const some = await parquet.parquetReadObjects(columns === undefined ? options : { ...options, columns });
    rows.push(...some.map(kept));
    rowStart = rowEnd;
  }
  return rows;
}
