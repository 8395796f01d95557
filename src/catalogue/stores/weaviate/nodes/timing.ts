/** How long things may take, in milliseconds. */
export interface WeaviateTiming {
  /** A call that reads. */
  readonly read: number;
  /** A call that writes: one that hangs is given up, and remembered. */
  readonly write: number;
  /** The readiness page of a node. */
  readonly ready: number;
  /** A search, after which it is asked whether the node is there at all. */
  readonly doubtAfter: number;
  /** All tries of one piece of work, through all nodes. */
  readonly patience: number;
  /** What nodes refuse is tried again for so long when it writes: they do while they elect a leader. */
  readonly refusedFor: number;
  /** Between two looks at a node that is away. */
  readonly look: number;
  /** What is known of the nodes' health counts for this long. */
  readonly healthAge: number;
  /** All nodes have to be healthy for this long before writes without an answer are settled. */
  readonly settleAfter: number;
  /** What was written has to be found through a node within this time, or it takes no searches. */
  readonly visibleWithin: number;
}

/** What holds on a cluster whose nodes take turns with other work. */
export const weaviateTiming: WeaviateTiming = {
  read: 5000,
  write: 10_000,
  ready: 1000,
  doubtAfter: 300,
  patience: 60_000,
  refusedFor: 20_000,
  look: 500,
  healthAge: 1000,
  settleAfter: 10_000,
  visibleWithin: 5000,
};
