import type { Metadata, MetadataField, MetadataKind, MetadataValue } from '../../metadata/metadata.ts';
import { metadataKinds } from '../../metadata/metadata.ts';

const prefix = 'field_';

/**
 * The column of a field: its kind and its name, of which only letters, digits, `_` and `-` are written as they are, so that a
 * column says what it holds, and no name means anything in SQL. `Preis in €` of numbers is `field_number_Preis%20in%20%E2%82%AC`.
 */
export function columnOfField({ kind, name }: MetadataField): string {
  const bytes = new TextEncoder().encode(name);
  const written = [...bytes].map((byte) => {
    const letter = String.fromCharCode(byte);
    return /[A-Za-z0-9_-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `${prefix}${kind}_${written.join('')}`;
}

/** The field whose column this is; undefined of other columns. */
export function fieldOfColumn(column: string): MetadataField | undefined {
  if (!column.startsWith(prefix)) return undefined;
  const [kindName = '', ...name] = column.slice(prefix.length).split('_');
  const kind = metadataKinds.find((one) => one === kindName);
  return kind === undefined ? undefined : { kind, name: decodeURIComponent(name.join('_')) };
}

/** A value as its column holds it: dates as milliseconds since 1970, true and false as 1 and 0. */
export function columnValue(value: MetadataValue | undefined): string | number | readonly string[] | null {
  if (value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The metadata that a row has in the columns of some fields; undefined where it has none. */
export function metadataOfRow(
  row: Readonly<Record<string, unknown>>,
  fields: readonly MetadataField[],
): Metadata | undefined {
  const found: Record<string, MetadataValue> = {};
  for (const field of fields) {
    const value = row[columnOfField(field)];
    if (value === null || value === undefined) continue;
    Object.defineProperty(found, field.name, { value: valueReaders[field.kind](value), enumerable: true });
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

const valueReaders: Readonly<Record<MetadataKind, (value: unknown) => MetadataValue>> = {
  text: String,
  number: Number,
  flag: (value) => Number(value) === 1,
  date: (value) => new Date(Number(value)),
  list: (value) => Array.from(isTexts(value) ? value : [], String),
};

function isTexts(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
