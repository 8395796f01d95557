import type { Table as LanceDbTable } from '@lancedb/lancedb';
import type { Data, DataType, Field, Schema, Table } from 'apache-arrow';
import { z } from 'zod';
import { signsOfBits } from '../../../ranking/distances/sign-bits.ts';
import type { MetadataField } from '../../metadata/metadata.ts';
import type { StoreStamp } from '../store-stamp.ts';
import type { Neighbour, StoredImage, StoredVector } from '../vector-store.ts';
import { columnOfField, columnValue, fieldOfColumn, metadataOfRow } from './fields.ts';
import { sqlList } from './filter.ts';
import type { LanceDbLibrary } from './library.ts';
import { keptVector } from './vectors.ts';

/** A row as LanceDB gives it. */
export interface JsonRow {
  toJSON(): Readonly<Record<string, unknown>>;
}

/** The column of where an image that was added by itself is; a store without such images has none. */
export const addedFromColumn = 'addedFrom';

/** The columns that every store has, but for that of the vectors. */
const imageColumns = ['id', 'contentHash', 'modifiedAt', 'byteLength'];

/** The fields whose columns a table has, in code-unit order of their names. */
export function fieldsOfSchema({ fields }: { readonly fields: readonly { readonly name: string }[] }): MetadataField[] {
  return fields
    .map(({ name }) => fieldOfColumn(name))
    .filter((field) => field !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The columns of a table that say what is known of an image beside its vector. */
export function columnsBesideVector({ fields }: Schema): string[] {
  return fields
    .map(({ name }) => name)
    .filter((name) => imageColumns.includes(name) || name === addedFromColumn || fieldOfColumn(name) !== undefined);
}

/** Those of them that say what is known of an image that a search finds. */
export function columnsOfNeighbour(schema: Schema): string[] {
  return columnsBesideVector(schema).filter((name) => name === 'id' || !imageColumns.includes(name));
}

/** Rows as the table of Arrow that has every column of a store's table, so that a replaced row keeps nothing of the old one. */
export function arrowRows(
  { arrow }: LanceDbLibrary,
  schema: Schema,
  stamp: StoreStamp,
  rows: readonly StoredVector[],
): Table {
  const fields = fieldsOfSchema(schema);
  const kept = rows.map(({ metadata, vector: _, ...image }) => ({
    ...image,
    ...Object.fromEntries(fields.map((field) => [columnOfField(field), columnValue(metadata?.[field.name])])),
  }));
  const children = schema.fields.map(({ name, type }) =>
    name === 'vector'
      ? vectorData(arrow, type, stamp, rows)
      : columnData(
          arrow,
          type,
          kept.map((row: Readonly<Record<string, unknown>>) => row[name] ?? null),
        ),
  );
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new arrow.Table(schema, new arrow.RecordBatch(schema, data));
}

function vectorData(
  arrow: LanceDbLibrary['arrow'],
  type: DataType,
  stamp: StoreStamp,
  rows: readonly StoredVector[],
): Data {
  if (!arrow.DataType.isFixedSizeList(type)) throw new TypeError(`the column of vectors is of the type ${type}`);
  const { listSize } = type;
  // There may be no rows, as where a store is made anew and none of its images is left.
  const all = new (stamp.distance === 'hamming' ? Uint8Array : Float32Array)(rows.length * listSize);
  for (const [row, { vector }] of rows.entries()) all.set(keptVector(stamp, vector), row * listSize);
  const child =
    all instanceof Uint8Array
      ? arrow.makeData({ type: new arrow.Uint8(), length: all.length, nullCount: 0, data: all })
      : arrow.makeData({ type: new arrow.Float32(), length: all.length, nullCount: 0, data: all });
  return arrow.makeData({ type, length: rows.length, nullCount: 0, child });
}

/** A column of values, some of them perhaps missing. */
function columnData(arrow: LanceDbLibrary['arrow'], type: DataType, values: readonly unknown[]): Data {
  const [data] = arrow.vectorFromArray(values, type).data;
  return data;
}

const imageRow = z.object({
  id: z.string(),
  contentHash: z.string(),
  modifiedAt: z.number(),
  byteLength: z.number(),
  addedFrom: z.string().nullish(),
});

/** What a row says of an image beside its vector. */
export function storedImageOf(row: Readonly<Record<string, unknown>>, fields: readonly MetadataField[]): StoredImage {
  const { addedFrom, ...image } = imageRow.parse(row);
  return { ...image, ...knownOfRow({ ...row, addedFrom }, fields) };
}

/** What a row says of an image beside what every image has. */
export function knownOfRow(
  row: Readonly<Record<string, unknown>>,
  fields: readonly MetadataField[],
): Pick<Neighbour, 'metadata' | 'addedFrom'> {
  const metadata = metadataOfRow(row, fields);
  const addedFrom = row[addedFromColumn];
  return {
    ...(metadata === undefined ? {} : { metadata }),
    ...(typeof addedFrom === 'string' ? { addedFrom } : {}),
  };
}

/** A row with its vector. */
export function storedVectorOf(
  row: Readonly<Record<string, unknown>>,
  stamp: StoreStamp,
  fields: readonly MetadataField[],
): StoredVector {
  const elements = elementsOf(row.vector);
  const vector =
    stamp.distance === 'hamming'
      ? signsOfBits(Uint8Array.from(elements), stamp.dimension)
      : Float32Array.from(elements);
  return { ...storedImageOf(row, fields), vector };
}

/** Ids that a condition names at a time. */
const idsAQuery = 1000;

/** The rows of some images, in no particular order. */
export async function rowsOf(table: LanceDbTable, stamp: StoreStamp, ids: readonly string[]): Promise<StoredVector[]> {
  const schema = await table.schema();
  const fields = fieldsOfSchema(schema);
  const columns = [...columnsBesideVector(schema), 'vector'];
  const found: StoredVector[] = [];
  for (let first = 0; first < ids.length; first += idsAQuery) {
    const condition = `id IN ${sqlList(ids.slice(first, first + idsAQuery))}`;
    const rows = await table.query().where(condition).select(columns).toArray();
    found.push(...rows.map((row: JsonRow) => storedVectorOf(row.toJSON(), stamp, fields)));
  }
  return found;
}

/** The elements of a vector, as Arrow has it or as a list; of Hamming distances bytes of sign bits. @throws ZodError if it is none. */
function elementsOf(value: unknown): Iterable<number> {
  const isColumn = typeof value === 'object' && value !== null && 'toArray' in value;
  const elements: unknown = isColumn && typeof value.toArray === 'function' ? value.toArray() : value;
  // Typed arrays hold nothing but numbers: looking at each of them takes longer than reading the row.
  if (elements instanceof Float32Array || elements instanceof Uint8Array) return elements;
  return numbers.parse(isList(elements) ? Array.from(elements) : elements);
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

const numbers = z.array(z.number());

/** The column of a field, empty. True and false are bytes: Arrow's own bits cannot be written where all of them are missing. */
export function emptyColumn({ arrow }: LanceDbLibrary, field: MetadataField): Field {
  const types = {
    text: () => new arrow.Utf8(),
    number: () => new arrow.Float64(),
    flag: () => new arrow.Uint8(),
    date: () => new arrow.Float64(),
    list: () => new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)),
  } as const;
  return new arrow.Field(columnOfField(field), types[field.kind](), true);
}
