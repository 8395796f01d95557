import type { Example } from '../example.ts';

/** What somebody looks for on the page. */
export interface PageSearch {
  readonly query: Example | undefined;
  readonly like: readonly Example[];
  readonly unlike: readonly Example[];
  /** A condition on what is known of images; empty for none. */
  readonly where: string;
  /** The value that each field with few values is narrowed to. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** Nothing is looked for yet. */
export const emptySearch: PageSearch = { query: undefined, like: [], unlike: [], where: '', chosen: {} };

/** The condition that choices and a condition of one's own are together; undefined for none. */
export function conditionOf({ where, chosen }: Pick<PageSearch, 'where' | 'chosen'>): string | undefined {
  const conditions = Object.entries(chosen).flatMap(([field, value]) =>
    value === '' ? [] : [`${quotedName(field)} = ${quotedText(value)}`],
  );
  if (where.trim() !== '') conditions.push(conditions.length === 0 ? where.trim() : `(${where.trim()})`);
  return conditions.length === 0 ? undefined : conditions.join(' and ');
}

function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quotedName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
