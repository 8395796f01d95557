// The public list: everything that a program may import from 'deep-lookalike'.

export { type ExamineRunOptions, examineRun, type RunExamination } from './app/runs/examine-run.ts';
export { type TrainRunOptions, type TrainRunResult, trainRun as train } from './app/runs/train-run.ts';
export { loadTrainingMaterial, type TrainingMaterial } from './app/runs/training-material.ts';
export { type CompareImagesOptions, type Comparison, compareImages } from './catalogue/embedding/compare-images.ts';
export { type EmbeddedImages, embedAll } from './catalogue/embedding/embed-all.ts';
export {
  type EmbeddedSource,
  type Embedder,
  type EmbedOptions,
  type LoadModelOptions,
  loadModel,
} from './catalogue/embedding/embedder.ts';
export type { ModelMetadata } from './catalogue/embedding/model-metadata.ts';
export { type Catalogue, type OpenCatalogueOptions, openCatalogue } from './catalogue/mirror/open-catalogue.ts';
export type { FoundImage } from './catalogue/mirror/search-images.ts';
export {
  type QuantizedModel,
  type QuantizeModelOptions,
  quantizeModel,
} from './catalogue/quantization/quantize-model.ts';
export type { Engine } from './engines/engine.ts';
export { OnnxruntimeEngine, type OnnxruntimeSettings } from './engines/onnxruntime/onnxruntime-engine.ts';
export { WorkerEngine } from './engines/worker/worker-engine.ts';
export { Oasis, type OasisOptions } from './evaluation/baselines/oasis.ts';
export { WaveletIndex } from './evaluation/baselines/wavelet-index.ts';
export { scannedWeights, type WaveletWeights, waveletScore } from './evaluation/baselines/wavelet-score.ts';
export type { Calibration } from './evaluation/calibration/calibration.ts';
export { type FitCalibrationOptions, fitCalibration, TooFewPairs } from './evaluation/calibration/fit-calibration.ts';
export { type AlikeShare, shareAlike } from './evaluation/calibration/share-alike.ts';
export { type PairedMeasure, pairedDifferences } from './evaluation/intervals/paired-differences.ts';
export { type ScoreAtTopK, scoreAtTopK } from './evaluation/measures/score-at-top-k.ts';
export { splitSimilarityPrecisions } from './evaluation/measures/similarity-precision.ts';
export { type EvaluateEmbeddingsOptions, evaluateEmbeddings } from './evaluation/reports/evaluate-embeddings.ts';
export { type EvaluateTripletsOptions, evaluateTriplets } from './evaluation/reports/evaluate-triplets.ts';
export type { EvaluationReport, TripletReport } from './evaluation/reports/evaluation-report.ts';
export { measuresByQuery } from './evaluation/reports/measures-by-query.ts';
export { packagedModel } from './foundation/packaged-model.ts';
export type { ImageDataset, ImageRecord, ImageSource } from './pictures/datasets/dataset.ts';
export { type LeakProofSplit, leakProofSplit } from './pictures/datasets/leak-proof-split.ts';
export { loadDataset } from './pictures/datasets/load-dataset.ts';
export type { PassedOver } from './pictures/datasets/passed-over.ts';
export { splitByClassHash } from './pictures/datasets/split.ts';
export type { DecodedPixels, ImageArgument } from './pictures/decoding/image-argument.ts';
export type { PictureLimits } from './pictures/decoding/picture-limits.ts';
export { UnreadableImageError } from './pictures/decoding/unreadable-image-error.ts';
export { hog } from './pictures/features/hog.ts';
export { type WaveletSignature, waveletSignature } from './pictures/features/wavelet-signature.ts';
export { inspectDataset } from './pictures/inspection/inspect-dataset.ts';
export { contentGroups, type NearIdenticalPair, nearIdenticalPairs } from './pictures/inspection/near-identical.ts';
export { thumbnailsOf } from './pictures/inspection/thumbnails.ts';
export type { SearchDistance, SearchDistanceName } from './ranking/distances/search-distance.ts';
export { searchDistanceByName } from './ranking/distances/search-distance-by-name.ts';
export type { PairRelevance, Relevance } from './ranking/relevance/relevance.ts';
export { withTotals } from './ranking/relevance/total-relevance.ts';
export type { ImportanceOptions } from './ranking/triplets/samplers/importance-options.ts';
export { ImportanceSampler, type ImportanceSamplerState } from './ranking/triplets/samplers/importance-sampler.ts';
export { RelevanceTriplets, type RelevanceTripletsState } from './ranking/triplets/samplers/relevance-triplets.ts';
export type { TrainingChoices } from './training/configuration/training-choices.ts';
export type { Normalization, NormalizationName, TrunkChoices } from './training/configuration/trunk-choices.ts';
export type { Finding } from './training/doctor/finding.ts';
export type { TrainingEvent } from './training/loop/train.ts';
export { TrainingFailure } from './training/loop/training-health.ts';
export type { LoadedWeights } from './training/weights/load-weights.ts';
