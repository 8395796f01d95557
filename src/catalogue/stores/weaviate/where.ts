import { bindFilter } from '../../filters/bind-filter.ts';
import type { BoundCondition, BoundFilter, FilterOperator } from '../../filters/filter.ts';
import type { MetadataField } from '../../metadata/metadata.ts';
import type { ImageFilter } from '../vector-store.ts';
import { everyImage, fieldProperty, ownProperties } from './collections/properties.ts';
import { keyPattern, valueKey } from './text-key.ts';

/** An operator of Weaviate's that compares a property. */
type Operator = 'Equal' | 'LessThan' | 'LessThanEqual' | 'GreaterThan' | 'GreaterThanEqual' | 'Like' | 'ContainsAny';

/** A filter of Weaviate's. Properties are plain names, and values keys: letters, `*` and `_` alone. */
export type Where =
  | { readonly operator: 'And' | 'Or' | 'Not'; readonly operands: readonly Where[] }
  | { readonly operator: Operator; readonly property: string; readonly value: string | readonly string[] };

const operators: Readonly<Record<Exclude<FilterOperator, '!='>, Operator>> = {
  '=': 'Equal',
  '<': 'LessThan',
  '<=': 'LessThanEqual',
  '>': 'GreaterThan',
  '>=': 'GreaterThanEqual',
};

/**
 * A filter in Weaviate's terms. It is never empty, as Weaviate compares with every vector that a filter lets through, and
 * asks its graph where there is none.
 *
 * @param fields of the store.
 * @throws UsageError if the filter does not go with them.
 */
export function weaviateWhere(
  { prefix = '', only, except = [], where }: ImageFilter,
  fields: readonly MetadataField[],
): Where {
  const { key } = ownProperties;
  const parts = [holds(everyImage.property, 'Equal', everyImage.value)];
  if (prefix !== '') parts.push(holds(key, 'Like', keyPattern('starts', prefix)));
  if (only !== undefined) parts.push(holds(key, 'ContainsAny', only.map(valueKey)));
  if (except.length > 0) parts.push(not(holds(key, 'ContainsAny', except.map(valueKey))));
  if (where !== undefined) parts.push(filterWhere(bindFilter(where, fields)));
  return combined('And', parts);
}

/** A filter as GraphQL writes it. */
export function whereText(where: Where): string {
  if ('operands' in where) {
    return `{ operator: ${where.operator}, operands: [${where.operands.map(whereText).join(', ')}] }`;
  }
  const { operator, property, value } = where;
  return `{ operator: ${operator}, path: ${JSON.stringify([property])}, valueText: ${JSON.stringify(value)} }`;
}

function filterWhere(filter: BoundFilter): Where {
  if (!('parts' in filter)) return conditionWhere(filter);
  return combined(filter.kind === 'and' ? 'And' : 'Or', filter.parts.map(filterWhere));
}

function conditionWhere(condition: BoundCondition): Where {
  const where = plainWhere(condition);
  return condition.negated ? not(where) : where;
}

function plainWhere(condition: BoundCondition): Where {
  const property = condition.field.kind === 'id' ? ownProperties.key : fieldProperty(condition.field.name);
  switch (condition.kind) {
    case 'missing':
      return not(isThere(condition, property));
    case 'compare': {
      const { operator, value } = condition;
      if (operator !== '!=') return holds(property, operators[operator], valueKey(value));
      return combined('And', [isThere(condition, property), not(holds(property, 'Equal', valueKey(value)))]);
    }
    case 'among':
      return holds(property, 'ContainsAny', condition.values.map(valueKey));
    case 'text':
      return holds(property, 'Like', keyPattern(condition.match, condition.value));
    case 'has':
      return holds(property, 'Equal', valueKey(condition.value));
  }
}

/** That an image has a value in a field; its name it always has. */
function isThere({ field }: BoundCondition, property: string): Where {
  if (field.kind === 'id') return holds(everyImage.property, 'Equal', everyImage.value);
  return holds(ownProperties.present, 'Equal', property);
}

function holds(property: string, operator: Operator, value: string | readonly string[]): Where {
  return { operator, property, value };
}

function not(part: Where): Where {
  return { operator: 'Not', operands: [part] };
}

function combined(operator: 'And' | 'Or', operands: readonly Where[]): Where {
  return operands.length === 1 ? operands[0] : { operator, operands };
}
