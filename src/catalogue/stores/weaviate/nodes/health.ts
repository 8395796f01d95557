import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import { Refusal } from './rest.ts';
import type { NodeRotation } from './rotation.ts';
import type { WeaviateTiming } from './timing.ts';

const nodesAnswer = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      shards: z.array(z.object({ name: z.string(), replicationFactor: z.number().optional() })).nullish(),
    }),
  ),
});
const shardingAnswer = z.object({ shardingConfig: z.object({ actualCount: z.number() }) });

/** What the cluster says of its nodes, and of the parts of a collection that each of them has. */
interface Health {
  readonly askedAt: number;
  readonly nodes: z.infer<typeof nodesAnswer>['nodes'];
}

/** Whether enough replicas of a collection are there to write it. */
export class ReplicaHealth {
  /** By collection; by nothing of all. */
  readonly #known = new Map<string, Health>();
  readonly #parts = new Map<string, number>();
  #wholeSince: number | undefined;

  constructor(
    private readonly uri: string,
    private readonly rotation: NodeRotation,
    private readonly timing: WeaviateTiming,
  ) {}

  /**
   * Weaviate takes a quorum of the replicas that it sees: with two of three gone the last one alone would do.
   *
   * @throws StoreError if of some part of a collection no more than half of the replicas are healthy.
   */
  async checkQuorum(collection: string): Promise<void> {
    const { nodes } = await this.#now(collection);
    const healthy = nodes.filter(isHealthy);
    const replicas = new Map<string, { there: number; all: number }>();
    for (const { name, replicationFactor = 1 } of healthy.flatMap(({ shards }) => shards ?? [])) {
      const before = replicas.get(name)?.there ?? 0;
      replicas.set(name, { there: before + 1, all: replicationFactor });
    }
    const few = [...replicas.values()].find(({ there, all }) => 2 * there <= all);
    if (few === undefined && replicas.size >= (await this.#partsOf(collection))) return;
    const { there, all } = few ?? { there: 0, all: nodes.length };
    const away = nodes.filter((node) => !isHealthy(node)).map(({ name }) => name);
    throw new StoreError(
      `the store '${this.uri}' is not written: of the ${all} replicas of a part of it ${there} can be reached` +
        `${away.length === 0 ? '' : ` (away: ${away.join(', ')})`}, and a write would be in no more places than that: ` +
        'start the nodes that are away, and give the rest again',
    );
  }

  /** Milliseconds for which all nodes are known to have been healthy; undefined where one is not. */
  async wholeFor(): Promise<number | undefined> {
    const { nodes, askedAt } = await this.#now('');
    if (nodes.filter(isHealthy).length < Math.max(nodes.length, this.rotation.nodes.length))
      this.#wholeSince = undefined;
    else this.#wholeSince ??= askedAt;
    return this.#wholeSince === undefined ? undefined : performance.now() - this.#wholeSince;
  }

  /** Waits, for a while, until every node that is healthy takes searches. */
  async wait(): Promise<void> {
    const { rotation, timing } = this;
    const end = performance.now() + timing.patience;
    while (performance.now() < end) {
      const healthy = (await this.#now('')).nodes.filter(isHealthy);
      if (rotation.inTurn().length >= Math.min(healthy.length, rotation.nodes.length)) return;
      await setTimeout(timing.look);
    }
  }

  async #now(collection: string): Promise<Health> {
    const known = this.#known.get(collection);
    if (known !== undefined && performance.now() - known.askedAt < this.timing.healthAge) return known;
    const askedAt = performance.now();
    const path = collection === '' ? '/nodes' : `/nodes/${collection}?output=verbose`;
    const health = { askedAt, nodes: nodesAnswer.parse(await this.#get(path)).nodes };
    this.#known.set(collection, health);
    return health;
  }

  /** Parts that a collection has. */
  async #partsOf(collection: string): Promise<number> {
    const known = this.#parts.get(collection);
    if (known !== undefined) return known;
    const { shardingConfig } = shardingAnswer.parse(await this.#get(`/schema/${collection}`));
    this.#parts.set(collection, shardingConfig.actualCount);
    return shardingConfig.actualCount;
  }

  #get(path: string): Promise<unknown> {
    const { read } = this.timing;
    return this.rotation.through(
      async (node) => {
        try {
          return await node.rest.ask({ method: 'GET', path, deadline: read });
        } catch (error) {
          // While one of the nodes goes, another one says for a moment that there is no such collection.
          if (error instanceof Refusal && error.status === 404) throw new Refusal(node.name, 503, error.reason);
          throw error;
        }
      },
      { isAny: true, refusedFor: this.timing.patience },
    );
  }
}

function isHealthy({ status }: { readonly status: string }): boolean {
  return status === 'HEALTHY';
}
