// What a program may import from 'deep-lookalike/losses': distances, losses over the embeddings of a batch, miners, and samplers of triplets.

export { RandomSource, type RandomState } from './foundation/random/random-source.ts';
export type { Graph, Node, OpaqueNode, OperatorNode, Origin, Value } from './graph/builder/graph.ts';
export type { AttributeValues } from './graph/operators/attribute-kind.ts';
export type {
  AttributesToGive,
  OperatorAttributes,
  OperatorName,
  OptionalNames,
  RequiredNames,
  Schemas,
  ValueOf,
} from './graph/operators/operator.ts';
export type { ValueType } from './graph/shape-inference/rule.ts';
export type { ElementArrays, ElementType } from './graph/tensor/element-type.ts';
export type { Dimension, Shape, StaticShape } from './graph/tensor/shape.ts';
export type { Tensor, TensorOf } from './graph/tensor/tensor.ts';
export { cosine } from './ranking/distances/cosine.ts';
export type { Distance, DistanceName } from './ranking/distances/distance.ts';
export { distanceByName } from './ranking/distances/distance-by-name.ts';
export { euclidean } from './ranking/distances/euclidean.ts';
export { hamming } from './ranking/distances/hamming.ts';
export { manhattan } from './ranking/distances/manhattan.ts';
export type { SearchDistance, SearchDistanceName } from './ranking/distances/search-distance.ts';
export { searchDistanceByName } from './ranking/distances/search-distance-by-name.ts';
export { squaredEuclidean } from './ranking/distances/squared-euclidean.ts';
export { batchMeanHinge } from './ranking/losses/batch-mean-hinge.ts';
export { contrastive } from './ranking/losses/contrastive.ts';
export { hinge } from './ranking/losses/hinge.ts';
export type { BatchKind, LossParameters, LossValues, RankingLoss } from './ranking/losses/loss.ts';
export { batchAllMiner } from './ranking/losses/miners/batch-all.ts';
export { batchHardMiner } from './ranking/losses/miners/batch-hard.ts';
export { distanceWeightedMiner } from './ranking/losses/miners/distance-weighted.ts';
export type { MinedDistances, MiningBatch, TripletMiner } from './ranking/losses/miners/miner.ts';
export type { MinerName } from './ranking/losses/miners/miner-table.ts';
export { semiHardMiner } from './ranking/losses/miners/semi-hard.ts';
export { type MultiSimilaritySettings, multiSimilarity } from './ranking/losses/multi-similarity.ts';
export { type ProxyAnchorSettings, proxyAnchor } from './ranking/losses/proxy-anchor.ts';
export type { RowRelations } from './ranking/losses/rows/class-rows.ts';
export { semiHard } from './ranking/losses/semi-hard.ts';
export { softMargin } from './ranking/losses/soft-margin.ts';
export { softmaxClassification } from './ranking/losses/softmax-classification.ts';
export { supervisedContrastive } from './ranking/losses/supervised-contrastive.ts';
export type { PairRelevance, Relevance } from './ranking/relevance/relevance.ts';
export { type TotalOptions, withTotals } from './ranking/relevance/total-relevance.ts';
export type { ImportanceOptions } from './ranking/triplets/samplers/importance-options.ts';
export { ImportanceSampler } from './ranking/triplets/samplers/importance-sampler.ts';
export type { ImportanceSamplerState } from './ranking/triplets/samplers/importance-state.ts';
export { RelevanceTriplets, type RelevanceTripletsState } from './ranking/triplets/samplers/relevance-triplets.ts';
export type { ShuffledEpochsState } from './ranking/triplets/samplers/shuffled-epochs.ts';
export type { Triplet } from './ranking/triplets/triplet.ts';
export type { TripletSource, TripletSourceState } from './ranking/triplets/triplet-source.ts';
