import type { ImageFilter } from './vector-store.ts';

/** A text as SQL writes it: in single quotes, a quote inside doubled. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of texts as SQL writes it behind IN. */
export function sqlList(texts: readonly string[]): string {
  return `(${texts.map(sqlText).join(', ')})`;
}

/** The SQL condition of a filter; undefined where it lets everything through. */
export function sqlCondition({ prefix = '', except = [] }: ImageFilter): string | undefined {
  const conditions: string[] = [];
  if (prefix !== '') conditions.push(`starts_with(id, ${sqlText(prefix)})`);
  if (except.length > 0) conditions.push(`id NOT IN ${sqlList(except)}`);
  return conditions.length === 0 ? undefined : conditions.join(' AND ');
}
