import { noStore } from '../../catalogue/stores/no-store.ts';
import { kindOfStore } from '../../catalogue/stores/store-kinds.ts';
import type { VectorStore } from '../../catalogue/stores/vector-store.ts';

/** Opens the store that is served a second time, to read it. @throws StoreError if there is none. */
export async function openWorkStore(uri: string): Promise<VectorStore> {
  const kind = kindOfStore(uri);
  const stamp = await kind.stampAt(uri);
  if (stamp === undefined) throw noStore(uri);
  return kind.open(uri, stamp);
}
