// The public list: everything that a program may import from 'deep-lookalike'.

export { type ExamineRunOptions, examineRun, type RunExamination } from './app/runs/examine-run.ts';
export type { Pretraining } from './app/runs/pretrain.ts';
export { type TrainRunResult, trainRun as train } from './app/runs/train-run.ts';
export type { TrainRunOptions } from './app/runs/train-run-options.ts';
export { loadTrainingMaterial, type TrainingMaterial } from './app/runs/training-material.ts';
export { type CompareImagesOptions, type Comparison, compareImages } from './catalogue/embedding/compare-images.ts';
export { type EmbeddedImages, embedAll } from './catalogue/embedding/embed-all.ts';
export {
  type EmbeddedSource,
  type Embedder,
  type EmbedOptions,
  loadModel,
} from './catalogue/embedding/embedder.ts';
export type { LoadModelOptions } from './catalogue/embedding/load-model-options.ts';
export type { ModelIdentity } from './catalogue/embedding/model-file.ts';
export type { ModelMetadata, Quantization } from './catalogue/embedding/model-metadata.ts';
export {
  type CheckedHeat,
  type ExplainedPicture,
  Explainer,
  type ExplainOptions,
  type Explanation,
  type PathShare,
} from './catalogue/explanation/explainer.ts';
export type { HeatKind } from './catalogue/explanation/heat-kind.ts';
export { drawHeat, drawHeats, type HeatMap } from './catalogue/explanation/heat-map.ts';
export type {
  Filter,
  FilterCondition,
  FilterOperator,
  FilterValue,
} from './catalogue/filters/filter.ts';
export type { Metadata, MetadataField, MetadataKind, MetadataValue } from './catalogue/metadata/metadata.ts';
export type { Catalogue } from './catalogue/mirror/catalogue.ts';
export type {
  CatalogueAddOptions,
  CatalogueImage,
  CatalogueIndexOptions,
  CatalogueSearchOptions,
  CatalogueWatchOptions,
} from './catalogue/mirror/catalogue-options.ts';
export type { AddOptions, AddReport } from './catalogue/mirror/indexing/add-images.ts';
export type { GoneFolder } from './catalogue/mirror/indexing/gone-folders.ts';
export type { SidecarReport } from './catalogue/mirror/indexing/image-metadata.ts';
export type { IndexOptions, IndexReport } from './catalogue/mirror/indexing/index-report.ts';
export type { GivenVector, GivenVectors } from './catalogue/mirror/indexing/plan-mirror.ts';
export { type OpenCatalogueOptions, openCatalogue } from './catalogue/mirror/open-catalogue.ts';
export type { SearchQuery } from './catalogue/mirror/query-vector.ts';
export type { FoundImage, SearchOptions } from './catalogue/mirror/search-images.ts';
export type { WatchEvent, WatchTimes } from './catalogue/mirror/watch/watch-images.ts';
export {
  type QuantizedModel,
  type QuantizeModelOptions,
  quantizeModel,
} from './catalogue/quantization/quantize-model.ts';
export type { RangeEstimatorName } from './catalogue/quantization/range-estimator.ts';
export type {
  IndexAdvice,
  IndexRecipe,
  IndexState,
  IndexWriter,
  MeasuredEffort,
  MeasuredIndex,
  SearchDemand,
  SearchEffort,
  StoreIndexes,
} from './catalogue/stores/store-index.ts';
export type { StoreStamp } from './catalogue/stores/store-stamp.ts';
export type { StoreThumbnails, Thumbnail } from './catalogue/stores/store-thumbnails.ts';
export type {
  ImageFilter,
  Neighbour,
  OpenStoreOptions,
  StoredImage,
  StoredVector,
  StoreFacts,
  StoreNoteName,
  StoreSearcher,
  StoreWriter,
  VectorStore,
  VectorStoreKind,
  WriteOptions,
} from './catalogue/stores/vector-store.ts';
export type { Clock } from './catalogue/tuning/measure-search.ts';
export type { TriedIndex, TuneOptions, TuneReport } from './catalogue/tuning/tune-store.ts';
export type { GraphInput } from './engines/check-feeds.ts';
export type { EmbeddingEngine, EmbeddingPrecision } from './engines/choosing/engine-names.ts';
export type { CompileOptions, Engine, HeldTensor, Placement, Program, RunOptions } from './engines/engine.ts';
export type { Precision } from './engines/onednn/onednn-settings.ts';
export { OnnxruntimeEngine, type OnnxruntimeTensor } from './engines/onnxruntime/onnxruntime-engine.ts';
export type { OnnxruntimeSettings } from './engines/onnxruntime/onnxruntime-settings.ts';
export { WorkerEngine } from './engines/worker/worker-engine.ts';
export type { WorkerEngineSettings } from './engines/worker/worker-settings.ts';
export type { Calibration } from './evaluation/calibration/calibration.ts';
export { type FitCalibrationOptions, fitCalibration, TooFewPairs } from './evaluation/calibration/fit-calibration.ts';
export { type AlikeShare, shareAlike } from './evaluation/calibration/share-alike.ts';
export type { TriedCalibration as RunCalibration } from './evaluation/calibration/try-calibration.ts';
export type { BootstrapOptions, MeanWithInterval } from './evaluation/intervals/bootstrap.ts';
export type {
  BootstrapMeasuresOptions,
  QueryMeasure,
  ResampledUnit,
} from './evaluation/intervals/bootstrap-measures.ts';
export { type PairedMeasure, pairedDifferences } from './evaluation/intervals/paired-differences.ts';
export { type ScoreAtTopK, scoreAtTopK, type TopKOptions } from './evaluation/measures/score-at-top-k.ts';
export {
  type QueryPrecisions,
  type SplitPrecisions,
  splitSimilarityPrecisions,
} from './evaluation/measures/similarity-precision.ts';
export type { EmbeddingTable } from './evaluation/neighbours/embedding-table.ts';
export { type EvaluateEmbeddingsOptions, evaluateEmbeddings } from './evaluation/reports/evaluate-embeddings.ts';
export {
  type EvaluateTripletsOptions,
  evaluateTriplets,
  type TripletMeasureOptions,
} from './evaluation/reports/evaluate-triplets.ts';
export type { EvaluationReport, MeasuredValue, TripletReport } from './evaluation/reports/evaluation-report.ts';
export { type MeasureOptions, type MeasuresByQuery, measuresByQuery } from './evaluation/reports/measures-by-query.ts';
export { AbortError } from './foundation/errors/abort-error.ts';
export { DatasetError } from './foundation/errors/dataset-error.ts';
export { DownloadError } from './foundation/errors/download-error.ts';
export { EngineError } from './foundation/errors/engine-error.ts';
export { FileError } from './foundation/errors/file-error.ts';
export { GraphError } from './foundation/errors/graph-error.ts';
export { InternalError } from './foundation/errors/internal-error.ts';
export { type ErrorCode, LookalikeError } from './foundation/errors/lookalike-error.ts';
export { ModelError } from './foundation/errors/model-error.ts';
export { StoreError } from './foundation/errors/store-error.ts';
export { TrainingError } from './foundation/errors/training-error.ts';
export { type Misuse, UsageError } from './foundation/errors/usage-error.ts';
export type { LockHolder } from './foundation/files/lock-holder.ts';
export type { Brand } from './foundation/numbers/brand.ts';
export { packagedModel } from './foundation/packaged-model.ts';
export type { LongWork, Progress } from './foundation/progress/progress.ts';
export type { RandomState } from './foundation/random/random-source.ts';
export type { Graph, Node, OpaqueNode, OperatorNode, Origin, Value } from './graph/builder/graph.ts';
export type { UnreadNode } from './graph/import/import-model.ts';
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
export type { DatasetLayout, ImageDataset, ImageRecord, ImageSource } from './pictures/datasets/dataset.ts';
export type { DatasetPart } from './pictures/datasets/dataset-part.ts';
export type { ImagePlace } from './pictures/datasets/image-place.ts';
export { type LeakProofSplit, leakProofSplit } from './pictures/datasets/leak-proof-split.ts';
export { type LoadDatasetOptions, loadDataset } from './pictures/datasets/load-dataset.ts';
export type { PassedOver } from './pictures/datasets/passed-over.ts';
export { type ClassSplit, splitByClassHash } from './pictures/datasets/split.ts';
export type { DecodedPixels, ImageArgument, PixelSource } from './pictures/decoding/image-argument.ts';
export type { PartialPictureLimits, PictureLimits } from './pictures/decoding/picture-limits.ts';
export type { RgbImage } from './pictures/decoding/rgb-image.ts';
export { UnreadableImageError } from './pictures/decoding/unreadable-image-error.ts';
export { type HogOptions, hog } from './pictures/features/hog.ts';
export { type WaveletSignature, waveletSignature } from './pictures/features/wavelet-signature.ts';
export {
  type DatasetReport,
  type DuplicateGroup,
  type InspectDatasetOptions,
  inspectDataset,
  type SizeRange,
} from './pictures/inspection/inspect-dataset.ts';
export { contentGroups, type NearIdenticalPair, nearIdenticalPairs } from './pictures/inspection/near-identical.ts';
export { thumbnailsOf } from './pictures/inspection/thumbnails.ts';
export type { DiskPixels, DiskPixelsOptions } from './pictures/preparation/disk-pixels.ts';
export type { PixelCache, PixelCacheOptions, UnreadableImage } from './pictures/preparation/pixel-cache.ts';
export { PreparationPool } from './pictures/preparation/preparation-pool.ts';
export type { Decoding, Fit, PreprocessingRule } from './pictures/preparation/preprocessing-rule.ts';
export type { FeatureAxes } from './ranking/backbones/feature-axes.ts';
export type { ForeignNetwork, PictureSize } from './ranking/backbones/foreign-network.ts';
export type { LearnableWeight } from './ranking/backbones/learnable-weights.ts';
export type { Trunk } from './ranking/backbones/trunk.ts';
export type { DistanceName } from './ranking/distances/distance.ts';
export type { SearchDistance, SearchDistanceName } from './ranking/distances/search-distance.ts';
export { searchDistanceByName } from './ranking/distances/search-distance-by-name.ts';
export type { RankingLossName } from './ranking/losses/loss-table.ts';
export type { MinerName } from './ranking/losses/miners/miner-table.ts';
export type { NetworkConfig } from './ranking/networks/network-config.ts';
export type { TrunkConfig, TrunkOrigin } from './ranking/networks/trunk-config.ts';
export type { PairRelevance, Relevance } from './ranking/relevance/relevance.ts';
export type { ImagesByClass } from './ranking/triplets/images-by-class.ts';
export type { PreparedSampler } from './ranking/triplets/samplers/define-sampler.ts';
export type { ImportanceOptions } from './ranking/triplets/samplers/importance-options.ts';
export type { SamplerName } from './ranking/triplets/samplers/sampler-table.ts';
export type { ShuffledEpochsState } from './ranking/triplets/samplers/shuffled-epochs.ts';
export type { Triplet } from './ranking/triplets/triplet.ts';
export type { TripletList } from './ranking/triplets/triplet-list.ts';
export type { TripletSource, TripletSourceState } from './ranking/triplets/triplet-source.ts';
export type { PresetName } from './training/configuration/presets.ts';
export type { EvaluatedStart, Expectation, StartConfig } from './training/configuration/start-config.ts';
export type { TrainingChoices } from './training/configuration/training-choices.ts';
export type { TrainingConfig } from './training/configuration/training-config.ts';
export type { Normalization, NormalizationName, TrunkChoices } from './training/configuration/trunk-choices.ts';
export type { BatchMaterial } from './training/data/batch-source.ts';
export type { FeatureTable } from './training/data/feature-table.ts';
export type { TrainingData } from './training/data/training-data.ts';
export type { Finding } from './training/doctor/finding.ts';
export type { NamedMeasures } from './training/doctor/unlearnt-baselines.ts';
export type { FeatureCacheOptions } from './training/features/feature-cache.ts';
export type { HeldOutEvaluation } from './training/loop/evaluate-held-out.ts';
export type { TrainingProgress } from './training/loop/progress-meter.ts';
export type { RunFolder } from './training/loop/run-folder.ts';
export type { TrainingEvent, TrainOutcome } from './training/loop/train-options.ts';
export { TrainingFailure } from './training/loop/training-health.ts';
export type { TrainingPlan } from './training/planning/plan-training.ts';
export type {
  AssignedWeights,
  LoadedTensor,
  PassedOver as PassedOverTensor,
} from './training/weights/assign-weights.ts';
export type { LoadedWeights } from './training/weights/load-weights.ts';
export type { PixelRule } from './training/weights/pixel-rule.ts';
export type { WeightFile } from './training/weights/weight-file.ts';
