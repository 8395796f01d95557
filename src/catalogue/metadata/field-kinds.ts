import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { excerpt } from '../../foundation/files/excerpt.ts';
import { kindInWords, type MetadataField, type MetadataKind, metadataKinds } from './metadata.ts';
import type { SidecarTable } from './sidecar-table.ts';
import { dateOf, flagOf, numberOf } from './value-text.ts';

/** The kind of a field, and why it is that one. */
export interface FieldKind {
  readonly kind: MetadataKind;
  /** As an error goes on: `as the store has it`. */
  readonly reason: string;
}

/** How many values of a field are of a kind, and the line of the first one that is. */
interface SeenKind {
  count: number;
  readonly line: number;
  readonly value: unknown;
}

/**
 * The kind of each field of a file: the one that the file states, the one of the store, or the one of all its values. A text of
 * which all are numbers, true or false, or dates counts as that.
 *
 * @throws DatasetError if the store has another kind than the file states, or the values are of several kinds: with a line of the
 * rarer one, for a single `n/a` would make a text of every price.
 */
export function kindsOfFields(
  file: string,
  { stated, typed, rows }: SidecarTable,
  known: readonly MetadataField[],
): Map<string, FieldKind> {
  const inStore = new Map(known.map(({ name, kind }) => [name, kind]));
  const seen = new Map<string, Map<MetadataKind, SeenKind>>();
  for (const { values, line } of rows) {
    for (const [name, value] of values) {
      const kinds = seen.get(name) ?? new Map<MetadataKind, SeenKind>();
      seen.set(name, kinds);
      const kind = textKind(typed, value) ?? writtenKind(file, line, name, value);
      const before = kinds.get(kind);
      if (before === undefined) kinds.set(kind, { count: 1, line, value });
      else before.count++;
    }
  }
  const found = new Map<string, FieldKind>();
  for (const [name, kinds] of seen) {
    const given = metadataKinds.find((kind) => kind === stated.get(name));
    const stored = inStore.get(name);
    if (given !== undefined && stored !== undefined && given !== stored) {
      throw new DatasetError(
        `'${file}' says that '${name}' holds ${kindInWords[given]}, and in the store it holds ${kindInWords[stored]}: rename it`,
      );
    }
    if (stored !== undefined)
      found.set(name, { kind: stored, reason: `and '${name}' holds ${kindInWords[stored]} in the store` });
    else if (given !== undefined) found.set(name, { kind: given, reason: 'as its column says' });
    else found.set(name, { kind: commonKind(file, name, kinds), reason: 'as its other values are' });
  }
  return found;
}

function writtenKind(file: string, line: number, name: string, value: unknown): MetadataKind {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'flag';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return 'list';
  throw new DatasetError(
    `line ${line} of '${file}': '${name}' is ${excerpt(JSON.stringify(value))}, expected a text, a number, true or false, or a list of texts`,
  );
}

/** What a text is of; undefined of what is none. A number with a zero before it, or too long for a number, is a code. */
function textKind(typed: boolean, value: unknown): MetadataKind | undefined {
  if (typeof value !== 'string') return undefined;
  if (dateOf(value) !== undefined) return 'date';
  if (typed) return 'text';
  const number = numberOf(value);
  const isCode = /^[+-]?0\d/.test(value) || (/^[+-]?\d+$/.test(value) && !Number.isSafeInteger(number));
  if (number !== undefined && !isCode) return 'number';
  return flagOf(value) === undefined ? 'text' : 'flag';
}

/** The one kind of a field's values; text where most are texts, such as the names of shoes of which one is called 501. */
function commonKind(file: string, name: string, kinds: ReadonlyMap<MetadataKind, SeenKind>): MetadataKind {
  const [[most, { count }], ...others] = [...kinds].sort(([, a], [, b]) => b.count - a.count);
  if (others.length === 0) return most;
  const total = [...kinds.values()].reduce((sum, one) => sum + one.count, 0);
  const hasLists = kinds.has('list');
  if (!hasLists && (most === 'text' || 2 * count <= total)) return 'text';
  const [[, rare]] = others;
  throw new DatasetError(
    `line ${rare.line} of '${file}': '${name}' is ${excerpt(JSON.stringify(rare.value))}, and ${count} other values there are ` +
      `${kindInWords[most]}: correct it or leave it out, or say what the column holds, as in '${name}:text'`,
  );
}
