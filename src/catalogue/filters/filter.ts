import type { MetadataField } from '../metadata/metadata.ts';

/** What a field is compared with. */
export type FilterValue = string | number | boolean | Date;

/** How a field is compared with a value. */
export type FilterOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * A condition on one field. It is false of an image that has no value there, but for `missing`, which is then true.
 *
 * @template Field the field's name, or, once it is known to be there, the field.
 */
export type FilterCondition<Field = string> = {
  readonly field: Field;
  /** Where the field stands in the text that it was written as, from 0. */
  readonly at?: number | undefined;
} & (
  | { readonly kind: 'compare'; readonly operator: FilterOperator; readonly value: FilterValue }
  /** One of some values. */
  | { readonly kind: 'among'; readonly values: readonly FilterValue[] }
  /** A text that begins so, or has it in it; capitals count. */
  | { readonly kind: 'text'; readonly match: 'starts' | 'contains'; readonly value: string }
  /** A list that has a text in it. */
  | { readonly kind: 'has'; readonly value: string }
  | { readonly kind: 'missing' }
);

/** A filter: conditions on fields, and filters combined. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | FilterCondition;

/**
 * A filter whose fields are there and whose values are of their kinds, as stores say it in their own languages. `not` stands at
 * its conditions alone: a negated one is true of just those images that it is false of otherwise.
 */
export type BoundFilter = { readonly kind: 'and' | 'or'; readonly parts: readonly BoundFilter[] } | BoundCondition;

/** A condition on a field that is there. */
export type BoundCondition = FilterCondition<FilterField> & { readonly negated: boolean };

/** A field that a filter may ask for: one of the metadata, or the name of the image itself. */
export type FilterField = MetadataField | typeof idField;

/** The name of an image, as a field. */
export const idField = { name: 'id', kind: 'id' } as const;

/** Conditions and values that a filter may have. */
export const mostParts = 500;
/** How deep filters may lie in filters: parsers of SQL give up somewhere, LanceDB's at 24 brackets with a NOT before each. */
export const deepest = 12;
