import type { StoredReference } from '../client/client.ts';

/** A picture that the page searches by: one of the store, or one that somebody gave it. */
export type Example =
  | { readonly kind: 'stored'; readonly id: string }
  | {
      /** Images of the store, of which a search takes the mean. */
      readonly kind: 'several';
      readonly ids: readonly string[];
    }
  | {
      readonly kind: 'given';
      readonly name: string;
      readonly picture: Blob;
      /** Where the browser shows it from. */
      readonly url: string;
    };

/** A picture that somebody gave. */
export function givenExample(picture: Blob, name = 'Your picture'): Example {
  return { kind: 'given', name, picture, url: URL.createObjectURL(picture) };
}

/** Images that a search takes the mean of, at most. */
const mostOfSeveral = 64;

/** What a search takes for an example: of many images some, from all over them. */
export function queriesOf(example: Example): readonly (Blob | StoredReference)[] {
  if (example.kind !== 'several') return [queryOf(example)];
  const { ids } = example;
  const count = Math.min(mostOfSeveral, ids.length);
  return Array.from({ length: count }, (_, place) => ({ id: ids[Math.floor((place * ids.length) / count)] }));
}

/** What a comparison takes for an example: of several the first. */
export function queryOf(example: Example): Blob | StoredReference {
  switch (example.kind) {
    case 'stored':
      return { id: example.id };
    case 'several':
      return { id: example.ids[0] };
    case 'given':
      return example.picture;
  }
}

/** What people read of an example. */
export function nameOf(example: Example): string {
  switch (example.kind) {
    case 'stored':
      return example.id;
    case 'several':
      return `${example.ids.length.toLocaleString('en')} pictures`;
    case 'given':
      return example.name;
  }
}

/** Tells examples apart. */
export function keyOf(example: Example): string {
  switch (example.kind) {
    case 'stored':
      return `stored ${example.id}`;
    case 'several':
      return `several ${example.ids.join('\n')}`;
    case 'given':
      return example.url;
  }
}
