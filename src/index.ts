// The public list: everything that a program may import from 'deep-lookalike'.

export { Oasis, type OasisOptions } from './baselines/oasis.ts';
export { WaveletIndex } from './baselines/wavelet-index.ts';
export { scannedWeights, type WaveletWeights, waveletScore } from './baselines/wavelet-score.ts';
export type { Calibration } from './calibration/calibration.ts';
export { type FitCalibrationOptions, fitCalibration, TooFewPairs } from './calibration/fit-calibration.ts';
export { type AlikeShare, shareAlike } from './calibration/share-alike.ts';
export { type Catalogue, type OpenCatalogueOptions, openCatalogue } from './catalogue/open-catalogue.ts';
export type { FoundImage } from './catalogue/search-images.ts';
export type { ImageDataset, ImageRecord, ImageSource } from './datasets/dataset.ts';
export { type LeakProofSplit, leakProofSplit } from './datasets/leak-proof-split.ts';
export { loadDataset } from './datasets/load-dataset.ts';
export type { PassedOver } from './datasets/passed-over.ts';
export { splitByClassHash } from './datasets/split.ts';
export type { SearchDistance, SearchDistanceName } from './distances/search-distance.ts';
export { searchDistanceByName } from './distances/search-distance-by-name.ts';
export type { Finding } from './doctor/finding.ts';
export { type CompareImagesOptions, type Comparison, compareImages } from './embedding/compare-images.ts';
export { type EmbeddedImages, embedAll } from './embedding/embed-all.ts';
export {
  type EmbeddedSource,
  type Embedder,
  type EmbedOptions,
  type LoadModelOptions,
  loadModel,
} from './embedding/embedder.ts';
export type { ModelMetadata } from './embedding/model-metadata.ts';
export { packagedModel } from './embedding/packaged-model.ts';
export type { Engine } from './engines/engine.ts';
export { OnnxruntimeEngine, type OnnxruntimeSettings } from './engines/onnxruntime-engine.ts';
export { WorkerEngine } from './engines/worker-engine.ts';
export { type EvaluateEmbeddingsOptions, evaluateEmbeddings } from './evaluation/evaluate-embeddings.ts';
export { type EvaluateTripletsOptions, evaluateTriplets } from './evaluation/evaluate-triplets.ts';
export type { EvaluationReport, TripletReport } from './evaluation/evaluation-report.ts';
export { measuresByQuery } from './evaluation/measures-by-query.ts';
export { type PairedMeasure, pairedDifferences } from './evaluation/paired-differences.ts';
export { type ScoreAtTopK, scoreAtTopK } from './evaluation/score-at-top-k.ts';
export { splitSimilarityPrecisions } from './evaluation/similarity-precision.ts';
export { hog } from './images/hog.ts';
export type { DecodedPixels, ImageArgument } from './images/image-argument.ts';
export { inspectDataset } from './images/inspect-dataset.ts';
export { contentGroups, type NearIdenticalPair, nearIdenticalPairs } from './images/near-identical.ts';
export type { PictureLimits } from './images/picture-limits.ts';
export { thumbnailsOf } from './images/thumbnails.ts';
export { UnreadableImageError } from './images/unreadable-image-error.ts';
export { type WaveletSignature, waveletSignature } from './images/wavelet-signature.ts';
export { type QuantizedModel, type QuantizeModelOptions, quantizeModel } from './quantization/quantize-model.ts';
export type { PairRelevance, Relevance } from './relevance/relevance.ts';
export { withTotals } from './relevance/total-relevance.ts';
export { type ExamineRunOptions, examineRun, type RunExamination } from './runs/examine-run.ts';
export { type TrainRunOptions, type TrainRunResult, trainRun as train } from './runs/train-run.ts';
export { loadTrainingMaterial, type TrainingMaterial } from './runs/training-material.ts';
export type { TrainingEvent } from './training/train.ts';
export type { TrainingChoices } from './training/training-choices.ts';
export { TrainingFailure } from './training/training-health.ts';
export type { Normalization, NormalizationName, TrunkChoices } from './training/trunk-choices.ts';
export type { ImportanceOptions } from './triplets/samplers/importance-options.ts';
export { ImportanceSampler, type ImportanceSamplerState } from './triplets/samplers/importance-sampler.ts';
export { RelevanceTriplets, type RelevanceTripletsState } from './triplets/samplers/relevance-triplets.ts';
export type { LoadedWeights } from './weights/load-weights.ts';
