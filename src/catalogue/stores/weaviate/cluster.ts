import type { StoreStamp } from '../store-stamp.ts';
import { type CurrentCollection, WeaviateSchema } from './collections/schema.ts';
import { ReplicaHealth } from './nodes/health.ts';
import { WeaviateNode } from './nodes/node.ts';
import { NodeRotation } from './nodes/rotation.ts';
import type { WeaviateTiming } from './nodes/timing.ts';
import type { WeaviatePlace } from './place.ts';
import { ClusterReading } from './reading.ts';
import { QuorumWrites } from './writing/quorum-writes.ts';

/** A cluster as one store talks to it. */
export class WeaviateCluster {
  readonly rotation: NodeRotation;
  readonly reading: ClusterReading;
  readonly schema: WeaviateSchema;
  readonly health: ReplicaHealth;
  readonly writes: QuorumWrites;
  #collection: string | undefined;

  constructor(
    readonly uri: string,
    readonly place: WeaviatePlace,
    readonly timing: WeaviateTiming,
  ) {
    const apiKey = process.env.WEAVIATE_API_KEY;
    const nodes = place.nodes.map((address) => new WeaviateNode(address, apiKey, timing));
    this.rotation = new NodeRotation(nodes, timing, (node) => this.#isInStep(node));
    this.reading = new ClusterReading(this.rotation, timing);
    this.schema = new WeaviateSchema(uri, place, this.rotation, timing);
    this.health = new ReplicaHealth(uri, this.rotation, timing);
    this.writes = new QuorumWrites(this.rotation, this.health, timing);
  }

  /** Takes out the nodes that are not ready, before any of them is waited for. */
  async look(): Promise<void> {
    const { rotation } = this;
    const ready = await Promise.all(rotation.nodes.map((node) => node.isReady()));
    if (!ready.includes(true)) return;
    for (const [place, node] of rotation.nodes.entries()) if (!ready[place]) rotation.takeOut(node);
  }

  /** Says which collection nodes that come back are compared by; those that hold another number of its objects are taken out. */
  async compareBy({ name }: CurrentCollection): Promise<void> {
    this.#collection = name;
    const nodes = this.rotation.inTurn();
    const counts = await Promise.all(nodes.map((node) => node.count(name).catch(() => undefined)));
    const most = Math.max(...counts.map((count) => counts.filter((other) => other === count).length));
    for (const [place, node] of nodes.entries()) {
      const isUsual = counts.filter((other) => other === counts[place]).length === most;
      if (!isUsual || counts[place] === undefined) this.rotation.takeOut(node);
    }
  }

  /** Looks after no node any more. */
  stop(): void {
    this.rotation.stop();
  }

  async #isInStep(node: WeaviateNode): Promise<boolean> {
    return this.#collection === undefined || this.reading.isInStep(this.#collection, node);
  }
}

/** A store in a cluster that is open. */
export interface OpenedCollection {
  readonly cluster: WeaviateCluster;
  readonly collection: string;
  readonly stamp: StoreStamp;
}
