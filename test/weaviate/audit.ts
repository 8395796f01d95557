import type { StoreSearcher } from '../../src/catalogue/stores/vector-store.ts';
import { squaredEuclidean } from '../../src/ranking/distances/squared-euclidean.ts';
import { rowOf } from './pictures.ts';

/** What is wrong with a store, through one node. */
export interface NodeAudit {
  /** Rows that were acknowledged, and are not there. */
  lost: number;
  /** Names that are there more than once. */
  doubled: number;
  /** Rows whose removal was acknowledged, and that are there. */
  resurrected: number;
  /** Rows that are there as they were before an acknowledged update. */
  undone: number;
  /** Rows that are there, and that a search by their own vector does not find. */
  notFound: number;
}

/** What was acknowledged: the version of each image, and 0 of those that were removed. */
export type Acknowledged = ReadonlyMap<string, number>;

const pageSize = 500;
/** What the distance of an image from itself may be. */
const ownDistance = 2e-3;

/** Names and content hashes of all that one node lists, by its REST interface: what its own replicas hold. */
async function listed(node: string, collection: string): Promise<{ id: string; contentHash: string }[]> {
  const found: { id: string; contentHash: string }[] = [];
  for (let after = ''; ; ) {
    const query = `class=${collection}&limit=${pageSize}${after === '' ? '' : `&after=${after}`}`;
    const answer = await fetch(`http://${node}/v1/objects?${query}`, { signal: AbortSignal.timeout(60_000) });
    const { objects } = (await answer.json()) as { objects: { id: string; properties: { image: string } }[] };
    for (const { properties } of objects) found.push(JSON.parse(properties.image));
    if (objects.length < pageSize) return found;
    after = objects.at(-1)?.id ?? '';
  }
}

/** Counts what is wrong, through each node. @param unsure images whose last write was not acknowledged: either is right. */
export async function audit(
  searchers: readonly StoreSearcher[],
  collection: string,
  acknowledged: Acknowledged,
  unsure: ReadonlySet<string>,
  dimension: number,
): Promise<Record<string, NodeAudit>> {
  const ofNode = async (searcher: StoreSearcher): Promise<[string, NodeAudit]> => {
    const counts: NodeAudit = { lost: 0, doubled: 0, resurrected: 0, undone: 0, notFound: 0 };
    const rows = await listed(searcher.name, collection);
    const there = new Map(rows.map(({ id, contentHash }) => [id, contentHash]));
    counts.doubled = rows.length - there.size;
    for (const [id, version] of acknowledged) {
      if (unsure.has(id)) continue;
      const hash = there.get(id);
      if (version === 0) {
        if (hash !== undefined) counts.resurrected++;
        continue;
      }
      const { contentHash, vector } = await rowOf(id, version, dimension);
      if (hash === undefined) counts.lost++;
      else if (hash !== contentHash) counts.undone++;
      const [nearest] = await searcher.search(vector, 1);
      const isFound = nearest !== undefined && (nearest.id === id || nearest.distance <= ownDistance);
      if (hash !== undefined && !isFound) counts.notFound++;
    }
    return [searcher.name, counts];
  };
  return Object.fromEntries(await Promise.all(searchers.map(ofNode)));
}

/** The share of the ten nearest that searches find, of all that comparing with every vector finds. */
export async function recallAt10(
  searcher: Pick<StoreSearcher, 'search'>,
  acknowledged: Acknowledged,
  dimension: number,
): Promise<number> {
  const rows = await Promise.all(
    [...acknowledged].flatMap(([id, version]) => (version === 0 ? [] : [rowOf(id, version, dimension)])),
  );
  let [found, all] = [0, 0];
  for (let query = 0; query < 50; query++) {
    const { vector } = await rowOf(`query ${query}`, 1, dimension);
    const nearest = rows
      .map((row) => ({ id: row.id, distance: squaredEuclidean.between(vector, row.vector) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 10);
    const given = new Set((await searcher.search(vector, 10)).map(({ id }) => id));
    found += nearest.filter(({ id }) => given.has(id)).length;
    all += nearest.length;
  }
  return found / all;
}
