import type { VectorStore } from '../../../catalogue/stores/vector-store.ts';

/** Opens a store that is there, without its model. @throws StoreError if there is none. */
export async function openStore(uri: string): Promise<VectorStore> {
  const { kindOfStore } = await import('../../../catalogue/stores/store-kinds.ts');
  const { noStore } = await import('../../../catalogue/stores/no-store.ts');
  const kind = kindOfStore(uri);
  const stamp = await kind.stampAt(uri);
  if (stamp === undefined) throw noStore(uri);
  return kind.open(uri, stamp);
}
