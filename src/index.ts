// The public list: everything that a program may import from 'deep-lookalike'.

export { type Catalogue, type OpenCatalogueOptions, openCatalogue } from './catalogue/open-catalogue.ts';
export type { FoundImage } from './catalogue/search-images.ts';
export type { ImageDataset, ImageRecord, ImageSource } from './datasets/dataset.ts';
export { loadDataset } from './datasets/load-dataset.ts';
export { splitByClassHash } from './datasets/split.ts';
export { type Comparison, compareImages } from './embedding/compare-images.ts';
export { embedAll } from './embedding/embed-all.ts';
export { type Embedder, type LoadModelOptions, loadModel } from './embedding/embedder.ts';
export type { ModelMetadata } from './embedding/model-metadata.ts';
export type { Engine } from './engines/engine.ts';
export { OnnxruntimeEngine, type OnnxruntimeSettings } from './engines/onnxruntime-engine.ts';
export { WorkerEngine } from './engines/worker-engine.ts';
export { type EvaluateEmbeddingsOptions, evaluateEmbeddings } from './evaluation/evaluate-embeddings.ts';
export { type EvaluateTripletsOptions, evaluateTriplets } from './evaluation/evaluate-triplets.ts';
export type { EvaluationReport, TripletReport } from './evaluation/evaluation-report.ts';
export { hog } from './images/hog.ts';
export { inspectDataset } from './images/inspect-dataset.ts';
export { type TrainRunOptions, type TrainRunResult, trainRun as train } from './runs/train-run.ts';
export { loadTrainingMaterial, type TrainingMaterial } from './runs/training-material.ts';
export type { TrainingEvent } from './training/train.ts';
export type { TrainingChoices } from './training/training-choices.ts';
export { TrainingFailure } from './training/training-health.ts';
