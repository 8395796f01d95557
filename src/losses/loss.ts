import type { Value } from '../graph/value.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** How the rows of a batch relate: triplets (query, positive, negative in turn), or classes by images. Never mixed. */
export type BatchKind = 'triplets' | 'classes';

/** A loss as it stands in a graph. */
export interface LossValues {
  /** Scalar, averaged over what the loss sums. Zero where there is nothing to average. */
  readonly loss: Value;
  /** Scalar in 0..1: the share of terms that still push. */
  readonly activeShare: Value;
}

/** A loss over the embeddings of one batch. */
export interface RankingLoss {
  readonly name: string;
  readonly batch: BatchKind;
  /** True if the loss of a batch is the mean of its triplets' own, so that a batch may be cut between triplets. */
  readonly separable: boolean;
  /** The value it has when all embeddings are equal: a collapsed network. */
  readonly collapsedValue: number | undefined;
  /**
   * Adds the loss to the graph of `embedding`, [rows, D] of unit length. What it must know of the batch becomes inputs of
   * the graph, which `feeds` fills.
   *
   * @throws if the rows do not make whole triplets.
   */
  build(embedding: Value): LossValues;
  /** The extra inputs for a batch whose rows have these labels. */
  feeds(labels: readonly number[]): Record<string, Tensor>;
}
