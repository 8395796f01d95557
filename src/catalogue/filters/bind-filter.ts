import { nearestName } from '../../foundation/arguments/nearest-name.ts';
import type { MetadataField } from '../metadata/metadata.ts';
import { isKeepable, kindInWords } from '../metadata/metadata.ts';
import { dateOf } from '../metadata/value-text.ts';
import {
  type BoundFilter,
  deepest,
  type Filter,
  type FilterCondition,
  type FilterField,
  type FilterOperator,
  type FilterValue,
  idField,
  mostParts,
} from './filter.ts';
import { filterError } from './filter-error.ts';
import { parseFilter } from './parse-filter.ts';

const operators: readonly FilterOperator[] = ['=', '!=', '<', '<=', '>', '>='];

/** Fields that an error lists. */
const listed = 12;

/**
 * Ties a filter to the fields of a store: the fields are there, values are of their kinds, and a text that is compared with a
 * date is a date from here on.
 *
 * @param given as it was written, or as an object.
 * @throws UsageError if it cannot be read, if a field is not there (with the nearest), or if a value or a comparison does not go
 * with its field's kind.
 */
export function bindFilter(given: string | Filter, fields: readonly MetadataField[]): BoundFilter {
  const filter = typeof given === 'string' ? parseFilter(given) : given;
  return new FilterBinder(typeof given === 'string' ? given : undefined, fields).bind(filter);
}

class FilterBinder {
  readonly #text: string | undefined;
  readonly #fields: readonly FilterField[];
  #parts = 0;

  constructor(text: string | undefined, fields: readonly MetadataField[]) {
    this.#text = text;
    this.#fields = [idField, ...fields];
  }

  bind(filter: Filter, negated = false, depth = 0): BoundFilter {
    // What is written has an "or" and an "and" at most for each pair of brackets.
    if (depth > 3 * deepest || this.#parts > mostParts) {
      throw this.#fault(undefined, 'it is too large or too deep', 'a simpler one');
    }
    if (filter.kind === 'not') return this.bind(filter.part, !negated, depth + 1);
    if (!('parts' in filter)) return { ...this.#condition(filter), negated };
    const { kind } = filter;
    const parts = filter.parts.map((part) => this.bind(part, negated, depth + 1));
    if (parts.length === 0) throw this.#fault(undefined, `'${kind}' combines nothing`, 'at least one part');
    // De Morgan: neither of two is each of them not.
    return { kind: negated ? (kind === 'and' ? 'or' : 'and') : kind, parts };
  }

  #condition(condition: FilterCondition): FilterCondition<FilterField> {
    this.#parts++;
    const field = this.#field(condition);
    const { at } = condition;
    switch (condition.kind) {
      case 'missing':
        return { ...condition, field };
      case 'compare': {
        if (!operators.includes(condition.operator)) {
          throw this.#fault(at, `'${condition.operator}' is no comparison`, `one of ${operators.join(', ')}`);
        }
        if (field.kind === 'list') throw this.#listNeedsHas(condition);
        const isOrder = condition.operator !== '=' && condition.operator !== '!=';
        if (field.kind === 'flag' && isOrder) {
          throw this.#fault(at, `'${field.name}' holds true or false, which have no order`, '= or !=');
        }
        return { ...condition, field, value: this.#value(field, condition.value, at) };
      }
      case 'among':
        if (field.kind === 'list') throw this.#listNeedsHas(condition);
        if (condition.values.length === 0) throw this.#fault(at, `'in' names no value`, 'at least one');
        this.#parts += condition.values.length;
        return { ...condition, field, values: condition.values.map((value) => this.#value(field, value, at)) };
      case 'text':
        if (condition.match !== 'starts' && condition.match !== 'contains') {
          throw this.#fault(at, `'${String(condition.match)}' is no comparison of texts`, 'starts or contains');
        }
        if (field.kind !== 'text' && field.kind !== 'id')
          throw this.#holdsOther(field, at, 'a comparison of that kind');
        return { ...condition, field, value: this.#keepable(condition.value, at) };
      case 'has':
        if (field.kind !== 'list') throw this.#fault(at, `'${field.name}' holds no lists`, "=, as in class = 'shoes'");
        return { ...condition, field, value: this.#keepable(condition.value, at) };
      default: {
        const { kind } = condition as { kind: unknown };
        throw this.#fault(
          undefined,
          `'${String(kind)}' is no kind of filter`,
          'and, or, not, compare, among, text, has, missing',
        );
      }
    }
  }

  #field({ field: name, at }: FilterCondition): FilterField {
    const found = this.#fields.find((field) => field.name === name);
    if (found !== undefined) return found;
    const names = this.#fields.map((field) => field.name);
    const more = names.length > listed ? ` and ${names.length - listed} more` : '';
    throw filterError({
      text: this.#text,
      at,
      wrong: `there is no field '${name}'`,
      expected:
        names.length === 1
          ? 'id: the images have no other field'
          : `one of ${names.slice(0, listed).join(', ')}${more}`,
      nearest: nearestName(String(name), names),
    });
  }

  #value(field: FilterField, value: FilterValue, at: number | undefined): FilterValue {
    const type = field.kind === 'number' ? 'number' : field.kind === 'flag' ? 'boolean' : 'string';
    if (field.kind === 'date') {
      const date = value instanceof Date ? value : typeof value === 'string' ? dateOf(value) : undefined;
      if (date === undefined || Number.isNaN(date.getTime()))
        throw this.#holdsOther(field, at, "a date such as '2024-01-31'");
      return date;
    }
    if (typeof value !== type)
      throw this.#holdsOther(field, at, { number: 'a number', boolean: 'true or false', string: 'a text' }[type]);
    if (typeof value === 'number' && !Number.isFinite(value))
      throw this.#fault(at, `${value} is no number of a field`, 'a finite number');
    if (typeof value === 'string') return this.#keepable(value, at);
    // -0 and 0 are equal.
    return value === 0 ? 0 : value;
  }

  #keepable(value: string, at: number | undefined): string {
    if (typeof value === 'string' && isKeepable(value)) return value;
    throw this.#fault(at, 'a text has a character that is none', 'Unicode without the character 0');
  }

  #listNeedsHas({ field, at }: FilterCondition): Error {
    return this.#fault(at, `'${field}' holds lists`, `has, as in ${field} has 'new'`);
  }

  #holdsOther(field: FilterField, at: number | undefined, expected: string): Error {
    const holds = field.kind === 'id' ? 'the names of images' : kindInWords[field.kind];
    return this.#fault(at, `'${field.name}' holds ${holds}`, expected);
  }

  #fault(at: number | undefined, wrong: string, expected: string): Error {
    return filterError({ text: this.#text, at, wrong, expected });
  }
}
