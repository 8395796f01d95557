import type { Metadata, MetadataValue } from '../metadata/metadata.ts';
import type { BoundCondition, BoundFilter, FilterOperator, FilterValue } from './filter.ts';

/** An image as a filter sees it. */
export interface FilteredImage {
  readonly id: string;
  readonly metadata?: Metadata | undefined;
}

/**
 * True if a filter lets an image through: what every store has to find. A condition on a field that the image does not have is
 * false, also `!=`, so that its `not` is true. Texts are ordered by code points, dates by time; capitals count.
 */
export function matchesFilter(filter: BoundFilter, image: FilteredImage): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matchesFilter(part, image));
    case 'or':
      return filter.parts.some((part) => matchesFilter(part, image));
    default:
      return holdsOf(filter, image) !== filter.negated;
  }
}

function holdsOf(condition: BoundCondition, image: FilteredImage): boolean {
  const { field } = condition;
  const value = fieldValue(image, field.kind === 'id' ? undefined : field.name);
  if (condition.kind === 'missing') return value === undefined;
  if (value === undefined) return false;
  if (condition.kind === 'compare') return holds[condition.operator](order(value, condition.value));
  if (condition.kind === 'among') return condition.values.some((one) => order(value, one) === 0);
  if (condition.kind === 'has') return Array.isArray(value) && value.includes(condition.value);
  const text = String(value);
  return condition.match === 'starts' ? text.startsWith(condition.value) : text.includes(condition.value);
}

function fieldValue({ id, metadata }: FilteredImage, field: string | undefined): MetadataValue | undefined {
  if (field === undefined) return id;
  return metadata !== undefined && Object.hasOwn(metadata, field) ? metadata[field] : undefined;
}

const holds: Readonly<Record<FilterOperator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Below, at or above 0 as `a` comes before, is or comes behind `b`. */
function order(a: MetadataValue, b: FilterValue): number {
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b);
  return Number(a) - Number(b);
}

/** The order of two texts by code points, which is that of their bytes in UTF-8. */
function textOrder(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const shorter = Math.min(left.length, right.length);
  for (let place = 0; place < shorter; place++) {
    const difference = (left[place].codePointAt(0) ?? 0) - (right[place].codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
