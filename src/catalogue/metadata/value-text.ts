import type { MetadataKind, MetadataValue } from './metadata.ts';

const isoDate = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A date as ISO 8601 writes it: `2024-01-31`, `2024-01-31T12:00`, `2024-01-31T12:00:00.5Z`, `2024-01-31 12:00+01:00`; in UTC
 * where it has no zone. Undefined of anything else, also of a day that no calendar has.
 */
export function dateOf(text: string): Date | undefined {
  const [, year, month, day, zone] = isoDate.exec(text) ?? [];
  if (year === undefined) return undefined;
  const hasTime = text.length > 10;
  const date = new Date(hasTime && zone === undefined ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'));
  // 2024-02-30 would count as 1 March.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(date.getTime()) || Number(day) > daysInMonth ? undefined : date;
}

/** A finite decimal number such as `-1.5e3`; undefined of anything else. */
export function numberOf(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** `true` or `false`, in any case; undefined of anything else. */
export function flagOf(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
}

/** What separates the texts of a list in a cell of a CSV. */
export const listSeparator = ';';

/** The value of a kind that a text stands for; undefined if it stands for none. A list's texts are separated by `;`. */
export function valueOfText(kind: MetadataKind, text: string): MetadataValue | undefined {
  const readers: Readonly<Record<MetadataKind, () => MetadataValue | undefined>> = {
    text: () => text,
    number: () => numberOf(text),
    flag: () => flagOf(text),
    date: () => dateOf(text),
    list: () =>
      text
        .split(listSeparator)
        .map((item) => item.trim())
        .filter((item) => item !== ''),
  };
  return readers[kind]();
}
