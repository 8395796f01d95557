import { bindFilter } from '../../filters/bind-filter.ts';
import type { BoundCondition, BoundFilter, FilterField, FilterValue } from '../../filters/filter.ts';
import type { MetadataField } from '../../metadata/metadata.ts';
import type { ImageFilter } from '../vector-store.ts';
import { columnOfField } from './fields.ts';

/** A text as SQL writes it: in single quotes, a quote inside doubled. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of texts as SQL writes it behind IN. */
export function sqlList(texts: readonly string[]): string {
  return `(${texts.map(sqlText).join(', ')})`;
}

/**
 * The SQL condition of a filter; undefined where it lets everything through.
 *
 * @param fields of the store.
 * @throws UsageError if the filter does not go with them.
 */
export function sqlCondition(
  { prefix = '', only, except = [], where }: ImageFilter,
  fields: readonly MetadataField[],
): string | undefined {
  const conditions: string[] = [];
  if (prefix !== '') conditions.push(`starts_with(id, ${sqlText(prefix)})`);
  if (only !== undefined) conditions.push(only.length === 0 ? 'id IS NULL' : `id IN ${sqlList(only)}`);
  if (except.length > 0) conditions.push(`id NOT IN ${sqlList(except)}`);
  if (where !== undefined) conditions.push(`(${sqlFilter(bindFilter(where, fields))})`);
  return conditions.length === 0 ? undefined : conditions.join(' AND ');
}

function sqlFilter(filter: BoundFilter): string {
  if (!('parts' in filter)) return sqlBoundCondition(filter);
  return filter.parts.map((part) => `(${sqlFilter(part)})`).join(filter.kind === 'and' ? ' AND ' : ' OR ');
}

/** In SQL a comparison with nothing is neither true nor false, so that every condition says what it is then. */
function sqlBoundCondition(condition: BoundCondition): string {
  const column = sqlColumn(condition.field);
  if (condition.kind === 'missing') return `${column} IS ${condition.negated ? 'NOT NULL' : 'NULL'}`;
  const holds = sqlComparison(condition, column);
  return condition.negated ? `${column} IS NULL OR NOT (${holds})` : `${column} IS NOT NULL AND ${holds}`;
}

function sqlComparison(condition: Exclude<BoundCondition, { kind: 'missing' }>, column: string): string {
  switch (condition.kind) {
    case 'compare':
      return `${column} ${condition.operator === '!=' ? '<>' : condition.operator} ${sqlValue(condition.value)}`;
    case 'among':
      return `${column} IN (${condition.values.map(sqlValue).join(', ')})`;
    case 'text':
      return `${condition.match === 'starts' ? 'starts_with' : 'contains'}(${column}, ${sqlText(condition.value)})`;
    case 'has':
      return `array_has(${column}, ${sqlText(condition.value)})`;
  }
}

function sqlColumn(field: FilterField): string {
  return field.kind === 'id' ? 'id' : `\`${columnOfField(field)}\``;
}

/** Numbers as floating-point ones: `5e0`; dates as their milliseconds, true and false as 1 and 0. */
function sqlValue(value: FilterValue): string {
  if (typeof value === 'string') return sqlText(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Number(value).toExponential();
}
