import { setTimeout } from 'node:timers/promises';
import { isWhole, rewriteImages, verifyStore } from '../../src/catalogue/mirror/verify-store.ts';
import type { StoreStamp } from '../../src/catalogue/stores/store-stamp.ts';
import type { VectorStore } from '../../src/catalogue/stores/vector-store.ts';
import { weaviateStores } from '../../src/catalogue/stores/weaviate/store.ts';
import { RandomSource } from '../../src/foundation/random/random-source.ts';
import type { WeaviateNodes } from '../../tools/weaviate/cluster.mjs';
import { type Acknowledged, audit, type NodeAudit, recallAt10 } from './audit.ts';
import { Load } from './load.ts';
import { datasetOf, rowOf } from './pictures.ts';

/** How many kills, on what. */
export interface KillOptions {
  readonly rounds: number;
  /** Rows that are there before the first. */
  readonly rows: number;
  readonly dimension: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

/** What came of it. */
export interface KillReport {
  readonly nodes: number;
  readonly killed: readonly string[];
  readonly writes: Load['counts'];
  readonly searches: Load['searches'];
  readonly errors: readonly string[];
  readonly unsure: number;
  /** Through each node, before `verify` mends and after. */
  readonly before: Readonly<Record<string, NodeAudit>>;
  readonly after: Readonly<Record<string, NodeAudit>>;
  readonly recallBefore: number;
  readonly recallAfter: number;
  /** Rows that verify mended. */
  readonly mended: {
    readonly missing: number;
    readonly vanished: number;
    readonly outdated: number;
    readonly notFound: number;
  };
}

/** Milliseconds of load before a kill, and for which a node is away. */
const [loadFor, awayFor] = [4000, 8000];

/**
 * SIGKILLs nodes while a store is written and searched, and starts them again: node after node in turn, and every third time the one
 * that leads the Raft. Then counts what is wrong, mends it as `verify --repair` does, and counts again.
 */
export async function killRounds(nodes: WeaviateNodes, options: KillOptions): Promise<KillReport> {
  const { rounds, rows, dimension, seed, log } = options;
  const uri = nodes.uri('Killed');
  const stamp: StoreStamp = {
    ...{ modelId: 'a'.repeat(64), modelName: 'run/model.onnx', preprocessing: '{}' },
    ...{ dimension, distance: 'euclidean' },
  };
  const load = new Load(uri, stamp, RandomSource.fromSeed(seed));
  await using store = await weaviateStores.open(uri, stamp, { create: true });
  await store.write(async (writer) => {
    for (let made = 0; made < rows; made += 100) await load.add(writer, 100);
  });
  const recallBefore = await recallAt10(store, load.acknowledged, dimension);
  const working = Promise.all([load.write(), load.search()]);
  const killed: string[] = [];
  for (let round = 0; round < rounds; round++) {
    await setTimeout(loadFor);
    const leader = await nodes.leader();
    const node = round % 3 === 2 && leader !== undefined ? leader : round % nodes.count;
    await nodes.kill(node);
    killed.push(`node ${node}${node === leader ? ', the leader' : ''}`);
    await setTimeout(awayFor);
    await nodes.restart(node);
    log(`${killed.at(-1)}; ${JSON.stringify(load.counts)} ${JSON.stringify(load.searches)} ${load.errors.join(' | ')}`);
  }
  await setTimeout(loadFor);
  load.end();
  await working;
  const { acknowledged, unsure } = load;
  const look = async () => audit(await store.searchers(), 'Killed_v1', acknowledged, unsure, dimension);
  const before = await look();
  log(`before: ${JSON.stringify(before)}`);
  const mended = await mend(store, acknowledged, unsure, dimension);
  const after = await look();
  log(`after: ${JSON.stringify(after)} ${JSON.stringify(mended)}`);
  const recallAfter = await recallAt10(store, present(acknowledged, unsure), dimension);
  return {
    nodes: nodes.count,
    killed,
    writes: load.counts,
    searches: load.searches,
    errors: load.errors,
    unsure: unsure.size,
    ...{ before, after, recallBefore, recallAfter, mended },
  };
}

/** As `verify --repair`, with the vectors that embedding the pictures again would give. */
async function mend(
  store: VectorStore,
  acknowledged: Acknowledged,
  unsure: ReadonlySet<string>,
  dimension: number,
): Promise<KillReport['mended']> {
  const truth = present(acknowledged, unsure);
  const verify = () => verifyStore({ store, dataset: datasetOf(truth) });
  const found = await verify();
  if (!isWhole(found)) {
    await store.write(async (writer) => {
      const again = [...found.missing, ...found.outdated];
      await writer.put(await Promise.all(again.map((id) => rowOf(id, truth.get(id) ?? 1, dimension))));
      await writer.remove(found.vanished);
    });
    const left = await store.images({ only: found.notFound });
    await rewriteImages(
      store,
      left.map(({ id }) => id),
    );
  }
  const last = await verify();
  if (!isWhole(last)) throw new Error(`the store is not whole after it was mended: ${JSON.stringify(last)}`);
  return {
    missing: found.missing.length,
    vanished: found.vanished.length,
    outdated: found.outdated.length,
    notFound: found.notFound.length,
  };
}

/** The images that have to be there: what was not acknowledged is decided to be gone. */
function present(acknowledged: Acknowledged, unsure: ReadonlySet<string>): Map<string, number> {
  return new Map([...acknowledged].filter(([id, version]) => version > 0 && !unsure.has(id)));
}
