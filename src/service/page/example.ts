import type { StoredReference } from '../client/client.ts';

/** A picture that the page searches by: one of the store, or one that somebody gave it. */
export type Example =
  | { readonly kind: 'stored'; readonly id: string }
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

/** What a service takes for an example. */
export function queryOf(example: Example): Blob | StoredReference {
  return example.kind === 'stored' ? { id: example.id } : example.picture;
}

/** What people read of an example. */
export function nameOf(example: Example): string {
  return example.kind === 'stored' ? example.id : example.name;
}

/** Tells examples apart. */
export function keyOf(example: Example): string {
  return example.kind === 'stored' ? `stored ${example.id}` : example.url;
}
