/** Nodes of Weaviate on this machine's loopback. */
export interface WeaviateNodesOptions {
  readonly nodes?: number;
  /** The first of 80 ports. */
  readonly port?: number;
  /** Where the nodes keep what they hold. */
  readonly folder?: string;
  /** The server's file. */
  readonly server?: string;
  /** More of the server's variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

export class WeaviateNodes {
  constructor(options?: WeaviateNodesOptions);
  readonly count: number;
  /** The address of a collection. */
  uri(collection: string): string;
  start(): Promise<void>;
  /** SIGKILLs a node and waits until it is gone. */
  kill(node: number): Promise<void>;
  restart(node: number, isWaiting?: boolean): Promise<void>;
  stop(options?: { readonly wipe?: boolean }): Promise<void>;
  /** The number of the node that leads the Raft, as a node that is there says. */
  leader(): Promise<number | undefined>;
  /** The process of a node; undefined where it does not run. */
  process(node: number): number | undefined;
}
