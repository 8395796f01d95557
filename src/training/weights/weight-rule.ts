import type { TensorOf } from '../../graph/tensor/tensor.ts';

/** Where a tensor of the network comes from. */
export interface WeightRule {
  /** Names it may have in the file; the first one there is meant. */
  readonly from: readonly string[];
  /** True for the convolutional part, without which weights are of no use. */
  readonly required: boolean;
  /** Brings it into our layout. Default: it has it already. @throws if it has another number of axes. */
  readonly convert?: (tensor: TensorOf<'float32'>) => TensorOf<'float32'>;
}

/** How a file's tensors become a network's, and its pixels. */
export interface WeightRules {
  /** Whose names these are, in words. */
  readonly convention: string;
  /** The rule for a tensor of the network, by its name; undefined if the file's makers have no such tensor. */
  readonly ruleOf: (ours: string) => WeightRule | undefined;
}
