import { arrayOf, type OptionRules, optional, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import type { ImageFilter } from '../stores/vector-store.ts';

const idList = arrayOf(
  'an array of ids',
  valueLike<string>('an id', (value) => typeof value === 'string'),
);

const filterRules: OptionRules<ImageFilter> = {
  prefix: optional(valueLike('a text', (value) => typeof value === 'string')),
  only: optional(idList),
  except: optional(idList),
  where: optional(
    valueLike("a filter such as class = 'shoes'", (value) =>
      typeof value === 'string' ? value.trim() !== '' : typeof value === 'object' && value !== null && 'kind' in value,
    ),
  ),
};

/** A filter as somebody gave it: a text is its condition on fields. @throws UsageError if it is none. */
export function checkedFilter(given: string | ImageFilter, path: string): ImageFilter {
  const filter = typeof given === 'string' ? { where: given } : given;
  checkOptions(filter, filterRules, path);
  return filter;
}
