import type { FileMetaData, SchemaElement } from 'hyparquet';
import { fileError } from '../../foundation/files/file-error.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import type { MetadataField, MetadataKind } from '../metadata/metadata.ts';
import { columnOfField, columnValue } from '../stores/lancedb/fields.ts';
import { addedFromColumn, fieldsOfSchema, storedVectorOf } from '../stores/lancedb/rows.ts';
import { stampKey } from '../stores/lancedb/table.ts';
import { keptVector } from '../stores/lancedb/vectors.ts';
import type { StoreStamp } from '../stores/store-stamp.ts';
import type { StoredVector } from '../stores/vector-store.ts';
import { checkedRows, keptRows, stampOfFile } from './checked-rows.ts';
import { namedVectorOf, requireColumns } from './named-vector.ts';
import { loadParquetReader, loadParquetWriter, type ParquetReader } from './parquet-library.ts';
import { vectorFileError } from './vector-file-error.ts';
import type { NamedVectors, VectorRows, VectorTable } from './vector-table.ts';

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;
const byte = { type: 'INT32', converted_type: 'UINT_8' } as const;

/**
 * Writes a Parquet file: the columns that a LanceDB store has, vectors as lists of float32 (of Hamming distances bytes), the stamp
 * under `lookalike.stamp` in the file's key-value metadata. Each of the lists of rows that comes is a row group.
 *
 * @throws if a vector is none of the stamp.
 */
export async function writeParquetFile(file: string, table: VectorRows): Promise<void> {
  await writeAtomically(file, parquetBytes(file, table));
}

async function* parquetBytes(file: string, table: VectorRows): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await loadParquetWriter();
  const columns = columnsOf(table);
  const bytes = new ByteWriter();
  const written = (): Uint8Array => {
    const piece = bytes.getBytes();
    bytes.index = 0;
    return piece;
  };
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(({ elements }) => [...elements])],
    // Elements of vectors are as good as random, and nothing makes them shorter.
    codec: 'UNCOMPRESSED',
    kvMetadata: [{ key: stampKey, value: JSON.stringify(table.stamp) }],
  });
  for await (const rows of keptRows(file, table)) {
    const columnData = columns.map(({ name, cellOf }) => ({ name, data: rows.map(cellOf), statistics: false }));
    await writer.write({ columnData, rowGroupSize: rows.length });
    yield written();
  }
  await writer.finish();
  yield written();
}

interface Column {
  readonly name: string;
  readonly elements: readonly SchemaElement[];
  readonly cellOf: (row: StoredVector) => unknown;
}

function columnsOf({ stamp, fields, added }: VectorRows): Column[] {
  const column = (name: string, kind: Omit<SchemaElement, 'name'>, cellOf: Column['cellOf']): Column => ({
    ...{ name, cellOf },
    elements: [{ name, repetition_type: 'REQUIRED', ...kind }],
  });
  const element = stamp.distance === 'hamming' ? byte : ({ type: 'FLOAT' } as const);
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
 * list of numbers). A row group is in memory at a time.
 *
 * @throws FileError if it is none, or damaged.
 */
export async function readParquetFile(file: string): Promise<VectorTable | NamedVectors> {
  const reader = await loadParquetReader();
  const { metadata } = await openParquet(reader, file);
  const stampText = metadata.key_value_metadata?.find(({ key }) => key === stampKey)?.value;
  if (stampText === undefined) {
    return { named: () => groupsOf(reader, file, ['id', 'vector'], (row) => namedVectorOf(file, row)) };
  }
  const stamp = stampOfFile(file, stampText);
  return { stamp, rows: () => checkedRows(file, stamp, ownRows(reader, file, stamp)) };
}

function ownRows(reader: ParquetReader, file: string, stamp: StoreStamp): AsyncGenerator<StoredVector[]> {
  let fields: MetadataField[] | undefined;
  return groupsOf(reader, file, undefined, (row) => {
    // A column that has nothing in some rows is in all of them.
    fields ??= fieldsOfSchema({ fields: Object.keys(row).map((name) => ({ name })) });
    return storedVectorOf(row, stamp, fields);
  });
}

interface OpenedParquet {
  readonly buffer: Awaited<ReturnType<ParquetReader['parquet']['asyncBufferFromFile']>>;
  readonly metadata: FileMetaData;
}

async function openParquet({ parquet }: ParquetReader, file: string): Promise<OpenedParquet> {
  try {
    // A pipe or a device would be taken for an empty file.
    const { handle } = await openOrdinaryFile(file).catch((error: unknown) => {
      throw fileError('read', file, error);
    });
    await handle.close();
    const buffer = await parquet.asyncBufferFromFile(file);
    const metadata = await parquet.parquetMetadataAsync(buffer);
    const { children } = parquet.parquetSchema(metadata);
    requireColumns(
      file,
      'Parquet',
      children.map(({ element }) => element.name),
    );
    return { buffer, metadata };
  } catch (error) {
    throw vectorFileError(file, 'Parquet', error);
  }
}

/** The rows of a file, a row group at a time, each turned into what is kept of it. */
async function* groupsOf<Row>(
  reader: ParquetReader,
  file: string,
  columns: string[] | undefined,
  kept: (row: Readonly<Record<string, unknown>>) => Row,
): AsyncGenerator<Row[]> {
  const { buffer, metadata } = await openParquet(reader, file);
  let rowStart = 0;
  for (const { num_rows: count } of metadata.row_groups) {
    const rowEnd = rowStart + Number(count);
    const options = { file: buffer, metadata, compressors: reader.compressors, rowStart, rowEnd };
    yield await reader.parquet
      .parquetReadObjects(columns === undefined ? options : { ...options, columns })
      .then((rows) => rows.map(kept))
      .catch((error: unknown) => {
        throw vectorFileError(file, 'Parquet', error);
      });
    rowStart = rowEnd;
  }
}
