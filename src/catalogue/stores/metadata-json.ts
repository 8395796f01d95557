import { z } from 'zod';
import type { Metadata, MetadataValue } from '../metadata/metadata.ts';
import { metadataKinds } from '../metadata/metadata.ts';

/** A value as JSON: a date is `{ "date": 1709294400250 }`, milliseconds since 1970, so that each kind is known by its form. */
const jsonValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.strictObject({ date: z.number() }),
]);

/** The fields of a store, as it notes them. */
export const notedFields = z.array(z.strictObject({ name: z.string(), kind: z.enum(metadataKinds) }));

/** Metadata as the text of a JSON object. */
export function metadataJsonText(metadata: Metadata = {}): string {
  const entries = Object.entries(metadata).map(([name, value]) => {
    const written: z.infer<typeof jsonValue> =
      value instanceof Date ? { date: value.getTime() } : isList(value) ? [...value] : value;
    return `${JSON.stringify(name)}:${JSON.stringify(written)}`;
  });
  return `{${entries.join(',')}}`;
}

/** The metadata that such a text has, in code-unit order of the names; undefined where there are none. */
export function metadataOfJsonText(text: string): Metadata | undefined {
  const json: unknown = JSON.parse(text);
  const found: Record<string, MetadataValue> = {};
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  if (entries.length === 0) return undefined;
  for (const [name, value] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const read = jsonValue.parse(value);
    const kept = typeof read === 'object' && 'date' in read ? new Date(read.date) : read;
    Object.defineProperty(found, name, { value: kept, enumerable: true });
  }
  return found;
}

function isList(value: MetadataValue): value is readonly string[] {
  return Array.isArray(value);
}
