import { bindFilter } from '../../filters/bind-filter.ts';
import type { BoundCondition, BoundFilter, FilterValue } from '../../filters/filter.ts';
import type { MetadataField } from '../../metadata/metadata.ts';
import type { ImageFilter } from '../vector-store.ts';

/** The parameters of an SQL statement, numbered from 1. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** Adds a value. @returns what stands for it in the statement: `$3::text`. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/**
 * The SQL condition of a filter: `true` where it lets everything through. Names of fields and values are parameters alone.
 *
 * @param fields of the store.
 * @throws UsageError if the filter does not go with them.
 */
export function postgresCondition(
  { prefix = '', only, except = [], where }: ImageFilter,
  fields: readonly MetadataField[],
  parameters: SqlParameters,
): string {
  const conditions: string[] = [];
  if (prefix !== '') conditions.push(`starts_with(id, ${parameters.add(prefix, 'text')})`);
  if (only !== undefined) conditions.push(`id = ANY(${parameters.add(only, 'text[]')})`);
  if (except.length > 0) conditions.push(`id <> ALL(${parameters.add(except, 'text[]')})`);
  if (where !== undefined) conditions.push(`(${filterSql(bindFilter(where, fields), parameters)})`);
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function filterSql(filter: BoundFilter, parameters: SqlParameters): string {
  if (!('parts' in filter)) return conditionSql(filter, parameters);
  return filter.parts.map((part) => `(${filterSql(part, parameters)})`).join(filter.kind === 'and' ? ' AND ' : ' OR ');
}

/** A comparison with nothing is neither true nor false in SQL; that of a field that is not there is false. */
function conditionSql(condition: BoundCondition, parameters: SqlParameters): string {
  const { field, negated } = condition;
  const isThere = field.kind === 'id' ? 'true' : `metadata ? ${parameters.add(field.name, 'text')}`;
  if (condition.kind === 'missing') return negated ? isThere : `NOT (${isThere})`;
  const holds = `${isThere} AND ${comparisonSql(condition, parameters)}`;
  return negated ? `NOT (${holds})` : holds;
}

function comparisonSql(condition: Exclude<BoundCondition, { kind: 'missing' }>, parameters: SqlParameters): string {
  const value = valueSql(condition, parameters);
  switch (condition.kind) {
    case 'compare':
      return `${value} ${condition.operator === '!=' ? '<>' : condition.operator} ${parameterSql(condition.value, parameters)}`;
    case 'among':
      return `${value} IN (${condition.values.map((one) => parameterSql(one, parameters)).join(', ')})`;
    case 'text': {
      const part = parameters.add(condition.value, 'text');
      return condition.match === 'starts' ? `starts_with(${value}, ${part})` : `strpos(${value}, ${part}) > 0`;
    }
    case 'has':
      return `${value} ? ${parameters.add(condition.value, 'text')}`;
  }
}

/** A field's value, as its kind is compared. */
function valueSql({ field }: BoundCondition, parameters: SqlParameters): string {
  if (field.kind === 'id') return 'id';
  const name = parameters.add(field.name, 'text');
  const values = {
    text: `((metadata ->> ${name}) COLLATE "C")`,
    number: `(metadata ->> ${name})::float8`,
    flag: `(metadata ->> ${name})::boolean`,
    date: `(metadata -> ${name} ->> 'date')::float8`,
    list: `(metadata -> ${name})`,
  } as const;
  return values[field.kind];
}

/** Dates are compared as their milliseconds. */
function parameterSql(value: FilterValue, parameters: SqlParameters): string {
  if (value instanceof Date) return parameters.add(value.getTime(), 'float8');
  const type = { string: 'text', number: 'float8', boolean: 'boolean' } as const;
  return parameters.add(value, type[typeof value as keyof typeof type]);
}
