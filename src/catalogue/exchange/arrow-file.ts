import { Buffer } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { FileError } from '../../foundation/errors/file-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { type LanceDbLibrary, loadLanceDb } from '../stores/lancedb/library.ts';
import {
  addedFromColumn,
  arrowRows,
  emptyColumn,
  fieldsOfSchema,
  type JsonRow,
  storedVectorOf,
} from '../stores/lancedb/rows.ts';
import { emptySchema, stampKey } from '../stores/lancedb/table.ts';
import { checkedRows, keptRows, stampOfFile } from './checked-rows.ts';
import { namedVectorOf, requireColumns } from './named-vector.ts';
import { vectorFileError } from './vector-file-error.ts';
import type { NamedVectors, VectorRows, VectorTable } from './vector-table.ts';

type Arrow = LanceDbLibrary['arrow'];
/** Of a file or a stream; they differ in what nobody here asks for. */
type ArrowReader = Pick<InstanceType<Arrow['RecordBatchFileReader']>, 'next' | 'schema'>;
type Schema = InstanceType<Arrow['Schema']>;
type ArrowBatch = InstanceType<Arrow['RecordBatch']>;

/** Writes an Arrow file (IPC); each of the lists of rows that comes is a record batch. @throws if a vector is none of the stamp. */
export async function writeArrowFile(file: string, table: VectorRows): Promise<void> {
  await writeAtomically(file, arrowBytes(await loadLanceDb(), file, table));
}

async function* arrowBytes(library: LanceDbLibrary, file: string, table: VectorRows): AsyncGenerator<Uint8Array> {
  const { arrow } = library;
  const schema = schemaOf(library, table);
  const sink = takenSink(library);
  const writer = new arrow.RecordBatchFileWriter();
  writer.reset(sink.queue, schema);
  for await (const rows of keptRows(file, table)) {
    for (const batch of arrowRows(library, schema, table.stamp, rows).batches) writer.write(batch);
    yield* sink.taken();
  }
  writer.finish();
  yield* sink.taken();
}

/** What a writer writes into, and what of it was not taken yet: nobody else would hold the writer up. */
function takenSink({ arrow }: LanceDbLibrary) {
  let pieces: Uint8Array[] = [];
  class Sink extends arrow.AsyncByteQueue<Uint8Array> {
    override write(value: Uint8Array): void {
      pieces.push(value);
    }
  }
  const taken = (): Uint8Array[] => {
    const some = pieces;
    pieces = [];
    return some;
  };
  return { queue: new Sink(), taken };
}

function schemaOf(library: LanceDbLibrary, { stamp, fields, added }: VectorRows): Schema {
  const { arrow } = library;
  const { fields: columns, metadata } = emptySchema(library, stamp);
  const beside = fields.map((field) => emptyColumn(library, field));
  const from = added ? [new arrow.Field(addedFromColumn, new arrow.Utf8(), true)] : [];
  return new arrow.Schema([...columns, ...beside, ...from], metadata);
}

/**
 * Reads an Arrow file of vectors: as `writeArrowFile` writes them, or any other with the columns `id` (text) and `vector` (a list of
 * numbers). A record batch is in memory at a time.
 *
 * @throws FileError if it is none, or damaged.
 */
export async function readArrowFile(file: string): Promise<VectorTable | NamedVectors> {
  const library = await loadLanceDb();
  const schema = await schemaOfFile(library, file);
  const stampText = schema.metadata.get(stampKey);
  if (stampText === undefined) {
    return { named: () => batchesOf(library, file, (row) => namedVectorOf(file, row)) };
  }
  const stamp = stampOfFile(file, stampText);
  const fields = fieldsOfSchema(schema);
  const own = () => batchesOf(library, file, (row) => storedVectorOf(row, stamp, fields));
  return { stamp, rows: () => checkedRows(file, stamp, own()) };
}

async function schemaOfFile(library: LanceDbLibrary, file: string): Promise<Schema> {
  const [reader, close] = await openArrow(library, file);
  try {
    return reader.schema;
  } finally {
    await close();
  }
}

/** The rows of a file, a record batch at a time, each turned into what is kept of it. */
async function* batchesOf<Row>(
  library: LanceDbLibrary,
  file: string,
  kept: (row: Readonly<Record<string, unknown>>) => Row,
): AsyncGenerator<Row[]> {
  const [reader, close] = await openArrow(library, file);
  try {
    while (true) {
      const rows = await nextRows(reader, file, kept);
      if (rows === undefined) return;
      yield rows;
    }
  } finally {
    await close();
  }
}

async function nextRows<Row>(
  reader: ArrowReader,
  file: string,
  kept: (row: Readonly<Record<string, unknown>>) => Row,
): Promise<Row[] | undefined> {
  try {
    const { done, value }: IteratorResult<ArrowBatch, undefined> = await reader.next();
    return done === true ? undefined : value.toArray().map((row: JsonRow) => kept(row.toJSON()));
  } catch (error) {
    throw vectorFileError(file, 'Arrow', error);
  }
}

async function openArrow({ arrow }: LanceDbLibrary, file: string) {
  const { handle, stats } = await openOrdinaryFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  const close = () => handle.close();
  try {
    await checkEnds(file, handle, stats.size);
    const reader = await arrow.RecordBatchReader.from(handle);
    await reader.open();
    // Without so much as a schema, as an empty file is, there are no columns.
    const schema: Schema | undefined = reader.schema ?? undefined;
    requireColumns(file, 'Arrow', schema?.names.map(String) ?? []);
    return [reader, close] as const;
  } catch (error) {
    await close();
    throw vectorFileError(file, 'Arrow', error);
  }
}

/** What a file begins and ends with; a stream of record batches, which is read, too, does neither. */
const magic = 'ARROW1';

/** @throws if it begins as a file does, and does not end as one. */
async function checkEnds(file: string, handle: FileHandle, size: number): Promise<void> {
  const at = async (position: number) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, position);
    return buffer.toString('latin1', 0, bytesRead);
  };
  if ((await at(0)) !== magic || (size > 2 * magic.length && (await at(size - magic.length)) === magic)) return;
  throw new FileError(`'${file}' is cut: it begins as an Arrow file and does not end as one; write it again`);
}
