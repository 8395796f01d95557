import { z } from 'zod';
import type { WeaviateNode } from './nodes/node.ts';
import type { NodeRotation } from './nodes/rotation.ts';
import type { WeaviateTiming } from './nodes/timing.ts';
import { objectOfAnswer, type ReadObject } from './objects.ts';

/** Objects that one call lists. */
const pageSize = 500;
/** Objects that are read by themselves at a time. */
const readsAtOnce = 16;
/** Objects in which a node that was away may differ while it is asked after them one by one. */
const mostDoubts = 2000;

const listing = z.object({ objects: z.array(z.unknown()).nullish() });

/**
 * Reads what a cluster holds. Only an object that is asked for by its UUID at the level of a quorum is sure to be as it was written
 * last; a list is what one node has. So lists are taken of every node, and where they differ a quorum decides.
 */
export class ClusterReading {
  constructor(
    private readonly rotation: NodeRotation,
    private readonly timing: WeaviateTiming,
  ) {}

  /** An object as a quorum of its replicas has it; undefined where there is none. */
  async object(collection: string, id: string, withVector = false): Promise<ReadObject | undefined> {
    const path = `/objects/${collection}/${id}?consistency_level=QUORUM${withVector ? '&include=vector' : ''}`;
    return this.rotation.through(
      async (node) => {
        const json = await node.rest.ask({ method: 'GET', path, deadline: this.timing.read }, [404]);
        return json === undefined ? undefined : objectOfAnswer(json);
      },
      { isAny: true },
    );
  }

  /** The objects of some UUIDs that are there, as quorums have them. */
  async objects(collection: string, ids: readonly string[], withVector = false): Promise<ReadObject[]> {
    const found: ReadObject[] = [];
    for (let first = 0; first < ids.length; first += readsAtOnce) {
      const some = ids.slice(first, first + readsAtOnce);
      for (const one of await Promise.all(some.map((id) => this.object(collection, id, withVector)))) {
        if (one !== undefined) found.push(one);
      }
    }
    return found;
  }

  /** All objects without their vectors, by their UUIDs, as quorums have them. */
  async agreed(collection: string): Promise<Map<string, ReadObject>> {
    const nodes = this.rotation.inTurn();
    const [all, ...others] = await Promise.all(nodes.map((node) => this.#all(collection, node)));
    if (all === undefined) return this.rotation.through((node) => this.#all(collection, node));
    const doubtful = new Set(others.flatMap((other) => differing(all, other)));
    for (const id of doubtful) all.delete(id);
    for (const object of await this.objects(collection, [...doubtful])) all.set(object.id, object);
    return all;
  }

  /** All objects with their vectors, some at a time, as quorums have them. */
  async *withVectors(collection: string): AsyncIterable<ReadObject[]> {
    const missing = await this.agreed(collection);
    let after: string | undefined;
    for (;;) {
      const page = await this.rotation.through((node) => this.#page(collection, node, after, true));
      const right = page.filter(({ id, revision }) => missing.get(id)?.revision === revision);
      for (const { id } of right) missing.delete(id);
      if (right.length > 0) yield right;
      if (page.length < pageSize) break;
      after = page.at(-1)?.id;
    }
    const ids = [...missing.keys()];
    for (let first = 0; first < ids.length; first += pageSize) {
      yield await this.objects(collection, ids.slice(first, first + pageSize), true);
    }
  }

  /** How many objects there are: where the nodes do not agree, those that quorums have. */
  async count(collection: string): Promise<number> {
    const nodes = this.rotation.inTurn();
    const counts = await Promise.all(nodes.map((node) => node.count(collection).catch(() => undefined)));
    if (counts.length > 0 && counts[0] !== undefined && new Set(counts).size === 1) return counts[0];
    return (await this.agreed(collection)).size;
  }

  /** True if a node lists what quorums have. */
  async isInStep(collection: string, node: WeaviateNode): Promise<boolean> {
    const others = this.rotation.inTurn();
    const reference = others.find((other) => other !== node) ?? this.rotation.nodes.find((other) => other !== node);
    if (reference === undefined) return true;
    const doubtful = differing(await this.#all(collection, node), await this.#all(collection, reference));
    if (doubtful.length > mostDoubts) return false;
    // What differs because it is being written, or because of the other node, is the same a moment later.
    const there = new Map((await this.objects(collection, doubtful)).map((object) => [object.id, object.revision]));
    for (const id of doubtful) {
      const [listed] = await this.#page(collection, node, before(id), false, 1);
      if ((listed?.id === id ? listed.revision : undefined) !== there.get(id)) return false;
    }
    return true;
  }

  async #all(collection: string, node: WeaviateNode): Promise<Map<string, ReadObject>> {
    const all = new Map<string, ReadObject>();
    let after: string | undefined;
    for (;;) {
      const page = await this.#page(collection, node, after, false);
      for (const object of page) all.set(object.id, object);
      if (page.length < pageSize) return all;
      after = page.at(-1)?.id;
    }
  }

  async #page(
    collection: string,
    node: WeaviateNode,
    after: string | undefined,
    withVector: boolean,
    limit = pageSize,
  ): Promise<ReadObject[]> {
    const query = `class=${collection}&limit=${limit}${after === undefined ? '' : `&after=${after}`}${withVector ? '&include=vector' : ''}`;
    const json = await node.rest.ask({ method: 'GET', path: `/objects?${query}`, deadline: this.timing.patience });
    return (listing.parse(json).objects ?? []).map(objectOfAnswer);
  }
}

/** The UUIDs that two lists do not have at the same revision. */
function differing(a: ReadonlyMap<string, ReadObject>, b: ReadonlyMap<string, ReadObject>): string[] {
  const ids = new Set([...a.keys(), ...b.keys()]);
  return [...ids].filter((id) => a.get(id)?.revision !== b.get(id)?.revision);
}

/** The UUID just before another. */
function before(id: string): string {
  const number = BigInt(`0x${id.replaceAll('-', '')}`);
  const hex = (number === 0n ? 0n : number - 1n).toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
