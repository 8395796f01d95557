// What a program may import from 'deep-lookalike/evaluation': measures, intervals, calibration, neighbours and baselines.

export type { CompileOptions, Engine, HeldTensor, Placement, Program, RunOptions } from './engines/engine.ts';
export { Oasis, type OasisOptions } from './evaluation/baselines/oasis.ts';
export { WaveletIndex } from './evaluation/baselines/wavelet-index.ts';
export { scannedWeights, type WaveletWeights, waveletScore } from './evaluation/baselines/wavelet-score.ts';
export type { Calibration } from './evaluation/calibration/calibration.ts';
export { type FitCalibrationOptions, fitCalibration, TooFewPairs } from './evaluation/calibration/fit-calibration.ts';
export { type AlikeShare, shareAlike } from './evaluation/calibration/share-alike.ts';
export { type BootstrapOptions, bootstrapMeans, type MeanWithInterval } from './evaluation/intervals/bootstrap.ts';
export {
  type BootstrapMeasuresOptions,
  bootstrapMeasures,
  type QueryMeasure,
  type ResampledUnit,
} from './evaluation/intervals/bootstrap-measures.ts';
export { type PairedMeasure, pairedDifferences } from './evaluation/intervals/paired-differences.ts';
export { meanAveragePrecisionAtR } from './evaluation/measures/mean-average-precision-at-r.ts';
export { precisionAtK } from './evaluation/measures/precision-at-k.ts';
export { rPrecision } from './evaluation/measures/r-precision.ts';
export type { Ranking } from './evaluation/measures/ranking.ts';
export { recallAtK } from './evaluation/measures/recall-at-k.ts';
export { type ScoreAtTopK, scoreAtTopK, type TopKOptions } from './evaluation/measures/score-at-top-k.ts';
export {
  type QueryPrecisions,
  type SplitPrecisions,
  similarityPrecisions,
  splitSimilarityPrecisions,
} from './evaluation/measures/similarity-precision.ts';
export type { EmbeddingTable } from './evaluation/neighbours/embedding-table.ts';
export { type NearestNeighboursOptions, nearestNeighbours } from './evaluation/neighbours/nearest-neighbours.ts';
export type { NeighbourBlock } from './evaluation/neighbours/neighbour-block.ts';
export { type EvaluateEmbeddingsOptions, evaluateEmbeddings } from './evaluation/reports/evaluate-embeddings.ts';
export {
  type EvaluateTripletsOptions,
  evaluateTriplets,
  type TripletMeasureOptions,
} from './evaluation/reports/evaluate-triplets.ts';
export type { EvaluationReport, TripletReport } from './evaluation/reports/evaluation-report.ts';
export { type MeasureOptions, type MeasuresByQuery, measuresByQuery } from './evaluation/reports/measures-by-query.ts';
export { type ErrorCode, LookalikeError } from './foundation/errors/lookalike-error.ts';
export type { LongWork, Progress } from './foundation/progress/progress.ts';
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
export type { WaveletSignature } from './pictures/features/wavelet-signature.ts';
export type { DistanceName } from './ranking/distances/distance.ts';
export type { SearchDistance, SearchDistanceName } from './ranking/distances/search-distance.ts';
export type { Triplet } from './ranking/triplets/triplet.ts';
