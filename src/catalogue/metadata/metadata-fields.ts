import { StoreError } from '../../foundation/errors/store-error.ts';
import { kindInWords, kindOf, type Metadata, type MetadataField, type MetadataKind, mostFields } from './metadata.ts';

/** Metadata, and the image that they are about. */
export interface DescribedImage {
  readonly id: string;
  readonly metadata?: Metadata | undefined;
}

/**
 * The fields that a store lacks for some images, in code-unit order of their names.
 *
 * @throws StoreError if a value is of another kind than its field, or if the fields would be more than 200.
 */
export function newFields(
  uri: string,
  known: readonly MetadataField[],
  images: Iterable<DescribedImage>,
): MetadataField[] {
  const kinds = new Map<string, MetadataKind>(known.map(({ name, kind }) => [name, kind]));
  const added: MetadataField[] = [];
  for (const { id, metadata = {} } of images) {
    for (const [name, value] of Object.entries(metadata)) {
      const kind = kindOf(value) ?? 'text';
      const expected = kinds.get(name);
      if (expected === undefined) {
        kinds.set(name, kind);
        added.push({ name, kind });
      } else if (kind !== expected) {
        throw new StoreError(
          `the field '${name}' of the store '${uri}' holds ${kindInWords[expected]}, and '${id}' has ${kindInWords[kind]} there: ` +
            'give a value of that kind, or name another field',
        );
      }
    }
  }
  if (kinds.size > mostFields) {
    throw new StoreError(`a store has at most ${mostFields} fields, and '${uri}' would have ${kinds.size}: give fewer`);
  }
  return added.sort((a, b) => (a.name < b.name ? -1 : 1));
}
