import type { RandomSource } from '../../foundation/random/random-source.ts';
import type { Value } from '../../graph/builder/graph.ts';
import type { StaticShape } from '../../graph/tensor/shape.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';

/** How the rows of a batch relate: triplets (query, positive, negative in turn), or classes by images. Never mixed. */
export type BatchKind = 'triplets' | 'classes';

/** A loss as it stands in a graph. */
export interface LossValues {
  /** Scalar, averaged over what the loss sums. Zero where there is nothing to average. */
  readonly loss: Value;
  /** Scalar in 0..1: the share of terms that still push. */
  readonly activeShare: Value;
}

/** Where a loss asks for tensors that it learns itself, such as proxies of classes. */
export interface LossParameters {
  /** `rate` multiplies the learning rate for this tensor (default 1); `decays` says whether weight decay applies. */
  parameter(
    name: string,
    shape: StaticShape,
    initializer: (shape: StaticShape, random: RandomSource) => Float32Array,
    options?: { readonly decays?: boolean; readonly rate?: number },
  ): Value;
}

/** A loss over the embeddings of one batch. */
export interface RankingLoss {
  readonly name: string;
  readonly batch: BatchKind;
  /** True if the loss of a batch is the mean of its triplets' own, so that a batch may be cut between triplets. */
  readonly separable: boolean;
  /** The value it has when all embeddings are equal: a collapsed network. */
  readonly collapsedValue: number | undefined;
  /** Embeddings of earlier batches that its graph wants to be fed (see `rowRelations`); 0 for none. */
  readonly memoryRows: number;
  /**
   * Adds the loss to the graph of `embedding`, [rows, D] of unit length. What it must know of the batch becomes inputs of
   * the graph, which `feeds` fills; what it learns comes from `parameters`.
   *
   * @throws if the rows do not make whole triplets.
   */
  build(embedding: Value, parameters: LossParameters): LossValues;
  /** The extra inputs, but for the memory, for a batch whose rows have these labels. `random` is the step's own. */
  feeds(labels: readonly number[], random: RandomSource): Record<string, Tensor>;
}
