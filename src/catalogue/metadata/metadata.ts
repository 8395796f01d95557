import { UsageError } from '../../foundation/errors/usage-error.ts';

/** What a field may hold. A date is an instant, to the millisecond; a list holds texts, such as tags. */
export type MetadataValue = string | number | boolean | Date | readonly string[];

/** What is known of an image beside its picture: values by the names of fields. A field that is not there has no value. */
export type Metadata = { readonly [field: string]: MetadataValue };

/** The kinds of values, in the words of sidecars and errors. */
export const metadataKinds = ['text', 'number', 'flag', 'date', 'list'] as const;

/** A kind of values. */
export type MetadataKind = (typeof metadataKinds)[number];

/** A field of a store: every value of it is of one kind. */
export interface MetadataField {
  readonly name: string;
  readonly kind: MetadataKind;
}

/** A kind as a sentence goes on: `the field 'price' holds numbers`. */
export const kindInWords: Readonly<Record<MetadataKind, string>> = {
  text: 'texts',
  number: 'numbers',
  flag: 'true or false',
  date: 'dates',
  list: 'lists of texts',
};

/** Letters that a field's name may have. */
export const longestFieldName = 100;
/** Fields that a store may have. */
export const mostFields = 200;

/** The kind of a value; undefined of one that no field holds. */
export function kindOf(value: unknown): MetadataKind | undefined {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'flag';
  if (value instanceof Date) return 'date';
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? 'list' : undefined;
}

/** True of a text that every store can keep: Unicode without halves of characters and without the character 0. */
export function isKeepable(text: string): boolean {
  return !text.includes('\0') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

/** Why a name cannot be that of a field; undefined if it can. */
export function wrongFieldName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > longestFieldName) return `has more than ${longestFieldName} characters`;
  if (name === 'id') return 'is what images themselves are called';
  return isKeepable(name) ? undefined : 'has a character that is none';
}

/** Why a value cannot be kept; undefined if it can. */
export function wrongValue(value: unknown): string | undefined {
  const kind = kindOf(value);
  if (kind === undefined) return 'is no text, number, true or false, date or list of texts';
  if (kind === 'number' && !Number.isFinite(value)) return 'is not a finite number';
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'is no date';
  const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  return texts.every(isKeepable) ? undefined : 'has a character that is none';
}

/**
 * Metadata as a store keeps them: fields in code-unit order; without fields that have no value (undefined, null, an empty
 * list); -0 as 0, as they are equal; undefined where nothing is left.
 *
 * @param of what the metadata are about, for the error: `the image 'a.jpg'`.
 * @throws UsageError if a name cannot be that of a field or a value is of no kind.
 */
export function keptMetadata(given: unknown, of: string): Metadata | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'object' || Array.isArray(given)) {
    const expected = "an object such as { price: 9.5, tags: ['new'] }";
    throw new UsageError(`the metadata of ${of} are not ${expected}`, { path: 'metadata', expected, value: given });
  }
  const kept: Record<string, MetadataValue> = {};
  for (const [name, value] of Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    const wrongName = wrongFieldName(name);
    const wrong = wrongName ?? wrongValue(value);
    if (wrong !== undefined) {
      const what = wrongName === undefined ? `the value of '${name}'` : `the field's name '${name.slice(0, 60)}'`;
      throw new UsageError(`${what} ${wrong}, in the metadata of ${of}`, {
        path: `metadata.${name.slice(0, 60)}`,
        expected: wrongName === undefined ? 'a text, a number, true or false, a date or a list of texts' : 'a name',
        value,
      });
    }
    Object.defineProperty(kept, name, { value: value === 0 ? 0 : value, enumerable: true });
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** True if two images have the same metadata. */
export function sameMetadata(a: Metadata = {}, b: Metadata = {}): boolean {
  return metadataText(a) === metadataText(b);
}

/** Metadata as a text that only the same ones have. */
function metadataText(metadata: Metadata): string {
  const fields = Object.entries(metadata).map(([name, value]) => [name, kindOf(value), value] as const);
  return JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Metadata as JSON has them: dates in ISO 8601, in UTC. */
export function metadataJson(metadata: Metadata): {
  readonly [field: string]: string | number | boolean | readonly string[];
} {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
}
