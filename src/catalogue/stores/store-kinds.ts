import { lanceDbStores } from './lancedb/store.ts';
import { postgresStores } from './postgres/store.ts';
import { schemeOfStore } from './store-place.ts';
import type { VectorStoreKind } from './vector-store.ts';
import { weaviateStores } from './weaviate/store.ts';

/** Kinds of stores by the scheme of their addresses. */
const kinds: Readonly<Record<string, VectorStoreKind>> = {
  postgres: postgresStores,
  postgresql: postgresStores,
  weaviate: weaviateStores,
};

/** The kind of the store that a name means: by the scheme of an address; a folder, or an address of another scheme, is LanceDB's. */
export function kindOfStore(uri: string): VectorStoreKind {
  const scheme = schemeOfStore(uri);
  return (scheme === undefined ? undefined : kinds[scheme]) ?? lanceDbStores;
}
