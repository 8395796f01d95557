import { setTimeout } from 'node:timers/promises';
import type { WeaviateNode } from './node.ts';
import { NoAnswer, Refusal } from './rest.ts';
import type { WeaviateTiming } from './timing.ts';

/** How work goes through the nodes. */
export interface ThroughOptions {
  /** Also through nodes that are back and not in step yet, as for what a quorum answers. Default: false. */
  readonly isAny?: boolean;
  /** Milliseconds for which it is tried again what nodes refuse, as they do while they elect a leader. Default: a fortieth of all patience. */
  readonly refusedFor?: number;
}

/**
 * Which nodes of a cluster are asked, in turn. A node that gave no answer is asked no more, until it is ready and in step with the
 * others: Weaviate has a node that was away answer from what it has, which lacks what was written meanwhile.
 */
export class NodeRotation {
  readonly #away = new Set<WeaviateNode>();
  readonly #ended = new AbortController();
  #turn = 0;

  /** @param isInStep whether a node that is back has all that the others have. */
  constructor(
    readonly nodes: readonly WeaviateNode[],
    private readonly timing: WeaviateTiming,
    private readonly isInStep: (node: WeaviateNode) => Promise<boolean>,
  ) {}

  /** The nodes that may be asked, each time beginning with another one. */
  inTurn(): WeaviateNode[] {
    const there = this.nodes.filter((node) => !this.#away.has(node));
    const first = there.length === 0 ? 0 : this.#turn++ % there.length;
    return [...there.slice(first), ...there.slice(0, first)];
  }

  /** True of a node that may be asked. */
  has(node: WeaviateNode): boolean {
    return !this.#away.has(node);
  }

  /** Takes a node out, until it is back and in step. */
  takeOut(node: WeaviateNode): void {
    if (this.#away.has(node)) return;
    this.#away.add(node);
    void this.#watch(node).catch(() => undefined);
  }

  /**
   * Does some work through one node, and where that gives no answer, or fails, through the next, until all patience is over.
   *
   * @throws what the last node did: a refusal of the work itself (4xx) at once.
   */
  async through<T>(work: (node: WeaviateNode) => Promise<T>, options: ThroughOptions = {}): Promise<T> {
    const { isAny = false, refusedFor = this.timing.patience / 40 } = options;
    const begin = performance.now();
    let last: unknown = new NoAnswer('the cluster', 'no node of it is in step with the others', false);
    for (;;) {
      const inStep = this.inTurn();
      const tried = isAny ? [...inStep, ...this.nodes.filter((node) => this.#away.has(node))] : inStep;
      for (const node of tried) {
        try {
          return await work(node);
        } catch (error) {
          if (error instanceof NoAnswer) await this.missed(node);
          else if (!(error instanceof Refusal) || error.status < 500) throw error;
          last = error;
        }
      }
      const longest = last instanceof Refusal ? refusedFor : this.timing.patience;
      if (performance.now() - begin > longest || this.#ended.signal.aborted) throw last;
      await setTimeout(this.timing.look);
    }
  }

  /** Looks after no node any more. */
  stop(): void {
    this.#ended.abort();
  }

  /** Takes a node that gave no answer out, unless it is ready: one that writes hang in still answers searches. */
  async missed(node: WeaviateNode): Promise<void> {
    if (!(await node.isReady())) this.takeOut(node);
  }

  async #watch(node: WeaviateNode): Promise<void> {
    const { signal } = this.#ended;
    for (;;) {
      await setTimeout(this.timing.look, undefined, { signal, ref: false });
      const isBack = (await node.isReady()) && (await this.isInStep(node).catch(() => false));
      if (!isBack) continue;
      this.#away.delete(node);
      return;
    }
  }
}
