import { z } from 'zod';
import { ownProperties } from '../collections/properties.ts';
import type { ReplicaHealth } from '../nodes/health.ts';
import type { WeaviateNode } from '../nodes/node.ts';
import { NoAnswer, Refusal } from '../nodes/rest.ts';
import type { NodeRotation } from '../nodes/rotation.ts';
import type { WeaviateTiming } from '../nodes/timing.ts';
import type { Change } from './changes.ts';

/** What is told of changes whose outcome a node did not tell. */
export interface Doubts {
  doubt(changes: readonly Change[]): void;
}

/** Objects and bytes that one call writes. */
const [mostObjects, mostElements] = [200, 400_000];
/** Objects that are removed at a time. */
const removalsAtOnce = 16;

const batchAnswer = z.array(
  z.object({
    id: z.string(),
    result: z
      .object({
        status: z.string().optional(),
        errors: z.object({ error: z.array(z.object({ message: z.string() })).nullish() }).nullish(),
      })
      .nullish(),
  }),
);

/**
 * Writes changes so that most replicas of each object have acknowledged it. A call that a node gives no answer to is given up, told
 * of as in doubt, and made through the next node; as an object's UUID is its own, it is written once.
 */
export class QuorumWrites {
  constructor(
    private readonly rotation: NodeRotation,
    private readonly health: ReplicaHealth,
    private readonly timing: WeaviateTiming,
  ) {}

  /** @throws StoreError, NoAnswer or Refusal: then some may be written, and some not. */
  async write(changes: readonly Change[], doubts: Doubts): Promise<void> {
    for (const some of callsOf(changes)) await this.#call(some, doubts);
  }

  async #call(changes: readonly Change[], doubts: Doubts): Promise<void> {
    const [{ collection }] = changes;
    await this.health.checkQuorum(collection);
    const left = new Map(changes.map((change) => [change.id, change]));
    const once = async (node: WeaviateNode) => {
      await this.#put(node, left, doubts);
      await this.#remove(node, left, doubts);
    };
    await this.rotation.through(once, { isAny: true, refusedFor: this.timing.refusedFor });
    // Replicas that went while it was written were not counted any more.
    await this.health.checkQuorum(collection);
  }

  async #put(node: WeaviateNode, left: Map<string, Change>, doubts: Doubts): Promise<void> {
    const puts = [...left.values()].filter(({ object }) => object !== undefined);
    if (puts.length === 0) return;
    const body = { objects: puts.map(batchObject) };
    const path = '/batch/objects?consistency_level=QUORUM';
    const answer = await this.#sent(node, 'POST', path, body, puts, doubts);
    let reason: string | undefined;
    const told = new Set<string>();
    for (const { id, result } of batchAnswer.parse(answer)) {
      const errors = result?.errors?.error ?? [];
      if (errors.length === 0 && (result?.status ?? 'SUCCESS') === 'SUCCESS') told.add(id);
      else reason = errors.map(({ message }) => message).join('; ');
    }
    for (const { id } of puts) if (told.has(id)) left.delete(id);
    if (left.size > 0 && told.size < puts.length)
      throw new Refusal(node.name, 503, reason ?? 'no answer for an object');
  }

  async #remove(node: WeaviateNode, left: Map<string, Change>, doubts: Doubts): Promise<void> {
    const removals = [...left.values()].filter(({ object }) => object === undefined);
    for (let first = 0; first < removals.length; first += removalsAtOnce) {
      const some = removals.slice(first, first + removalsAtOnce).map(async (change) => {
        const path = `/objects/${change.collection}/${change.id}?consistency_level=QUORUM`;
        await this.#sent(node, 'DELETE', path, undefined, [change], doubts);
        left.delete(change.id);
      });
      for (const result of await Promise.allSettled(some)) if (result.status === 'rejected') throw result.reason;
    }
  }

  async #sent(
    node: WeaviateNode,
    method: 'POST' | 'DELETE',
    path: string,
    body: unknown,
    changes: readonly Change[],
    doubts: Doubts,
  ): Promise<unknown> {
    try {
      return await node.rest.ask({ method, path, body, deadline: this.timing.write }, method === 'DELETE' ? [404] : []);
    } catch (error) {
      if (error instanceof NoAnswer && error.isInDoubt) doubts.doubt(changes);
      throw error;
    }
  }
}

function batchObject({ collection, id, revision, object }: Change) {
  const { properties, vector } = object ?? { properties: {} };
  return {
    class: collection,
    id,
    properties: { ...properties, [ownProperties.revision]: revision },
    ...(vector === undefined ? {} : { vectors: { default: vector } }),
  };
}

/** Changes of one collection and of a bounded size, in their order. */
function* callsOf(changes: readonly Change[]): Iterable<readonly Change[]> {
  let [some, elements]: [Change[], number] = [[], 0];
  for (const change of changes) {
    const length = change.object?.vector?.length ?? 0;
    const isFull = some.length === mostObjects || elements + length > mostElements;
    if (some.length > 0 && (isFull || some[0].collection !== change.collection)) {
      yield some;
      [some, elements] = [[], 0];
    }
    some.push(change);
    elements += length;
  }
  if (some.length > 0) yield some;
}
