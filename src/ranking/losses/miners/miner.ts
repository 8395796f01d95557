import type { RandomSource } from '../../../foundation/random/random-source.ts';
import type { Value } from '../../../graph/builder/graph.ts';
import type { Tensor } from '../../../graph/tensor/tensor.ts';
import type { RowRelations } from '../rows/class-rows.ts';

/** What a miner chooses from: B rows and their C candidates. */
export interface MiningBatch {
  /** [B, D] of unit length. */
  readonly embedding: Value;
  /** [B, C], in the loss's distance. */
  readonly distances: Value;
  readonly relations: RowRelations;
}

/** Triplets by their distances. The three shapes are one when broadcast: [T], or [T, C] with `toPositive` [T, 1]. */
export interface MinedDistances {
  readonly toPositive: Value;
  readonly toNegative: Value;
  /** 1 where the triplet is one, 0 where a place is left over. */
  readonly weight: Value;
}

/** Chooses triplets inside a batch, as nodes of the loss's graph. */
export interface TripletMiner {
  readonly name: string;
  /** What the loss is averaged over: all that was mined, or those of it whose cost is above 0. */
  readonly averagesOver: 'all' | 'costly';
  mine(batch: MiningBatch): MinedDistances;
  /** The miner's own inputs for a batch of these labels and as many candidates. */
  feeds(labels: readonly number[], random: RandomSource, candidates: number): Record<string, Tensor>;
}
