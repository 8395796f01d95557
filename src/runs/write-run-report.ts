import path from 'node:path';
import type { ImageDataset } from '../datasets/dataset.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { unlearntFeatures } from '../embedding/unlearnt-features.ts';
import type { Engine } from '../engines/engine.ts';
import { evaluateEmbeddings } from '../evaluation/evaluate-embeddings.ts';
import type { EvaluationReport, TripletReport } from '../evaluation/evaluation-report.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { RandomSource } from '../random/random-source.ts';
import { shuffle } from '../random/shuffle.ts';
import { shownPictures } from '../report/findings-list.ts';
import type { MeasureRow } from '../report/measures-comparison.ts';
import type { ReportPicture } from '../report/picture-png.ts';
import { trainingReport } from '../report/training-report.ts';
import type { RunFolder } from '../training/run-folder.ts';
import { readSavedLog } from '../training/saved-run.ts';
import { trainingClasses } from '../training/training-classes.ts';
import type { TrainingConfig } from '../training/training-config.ts';
import type { TrainingData } from '../training/training-data.ts';
import { tripletPlaces } from '../triplets/triplet-places.ts';
import { datasetPictures } from './dataset-pictures.ts';
import { embedWithin } from './embed-within.ts';
import { embeddingGallery } from './embedding-gallery.ts';
import { pretrainingFolder } from './pretrain.ts';
import { reportSubject } from './report-subject.ts';
import { placesToSuspect, suspectLabels } from './suspect-labels.ts';
import type { TrainingDoctor } from './training-doctor.ts';
import { wholeClasses } from './whole-classes.ts';

export interface FinishedRun {
  readonly run: RunFolder;
  readonly config: TrainingConfig;
  readonly dataset: ImageDataset;
  readonly data: TrainingData;
  readonly engine: Engine;
  /** The run's model, which stays open. */
  readonly embedder: Embedder;
  readonly doctor: TrainingDoctor;
  /** Seconds that the training took: looking at its result takes at most a tenth of it, or ten seconds. */
  readonly trainingSeconds: number;
  readonly evaluation: EvaluationReport | TripletReport | undefined;
  /** Whom the pictures have to be credited to. */
  readonly notice: string;
}

/** Held-out pictures that are embedded for the page, and the most for which the unlearnt baselines are judged. */
const mostJudged = 2000;
const mostForBaselines = 5000;

/**
 * Ends a run that has its model: embeds pictures that were kept from training and others, looks at their labels, and writes the
 * page. Returns what the doctor found.
 */
export async function writeRunReport(finished: FinishedRun): Promise<Finding[]> {
  const { run, config, dataset, data, engine, embedder, doctor, notice } = finished;
  const seconds = Math.max(5, finished.trainingSeconds / 20);
  const judgedPlaces = placesToJudge(data, config.seed);
  const heldOut = data.heldOut.length + data.heldOutTriplets.length > 0;
  const suspected = await embedWithin(embedder, data.pixels, placesToSuspect(data, config.seed, config.steps), seconds);
  const suspects = suspected.places.length === 0 ? undefined : await suspectLabels(dataset, data, suspected, engine);
  const findings = await doctor.finish(suspects);
  const judged = await embedWithin(embedder, data.pixels, judgedPlaces, seconds);
  const gallery = await embeddingGallery({
    dataset,
    embeddings: judged,
    places: judged.places,
    engine,
    seed: config.seed,
  });
  const page = trainingReport({
    title: path.basename(dataset.root),
    subject: reportSubject(data),
    config,
    log: await readSavedLog(run),
    ...(config.pretraining === undefined
      ? {}
      : { pretraining: { log: await readSavedLog(pretrainingFolder(run)), classes: trainingClasses(data).count } }),
    measures: await measuresOf(finished),
    ...gallery,
    judgedNote: heldOut
      ? 'All are pictures kept from training.'
      : 'No picture was kept from training: these were trained on.',
    findings,
    findingPictures: await picturesOf(dataset, shownPictures(findings)),
    dataHash: data.hash,
    notice,
  });
  await writeAtomically(run.report, page);
  return findings;
}

/** Pictures kept from training, whole classes of them, or, where none were, some that were trained on; in random order. */
function placesToJudge({ train, heldOut, heldOutTriplets, labels }: TrainingData, seed: number): number[] {
  const random = RandomSource.fromSeed(seed, 'report pictures');
  const listed = tripletPlaces(heldOutTriplets);
  if (listed.length > 0) return shuffle(listed, random).slice(0, mostJudged);
  const places = heldOut.length > 0 ? heldOut : train;
  const chosen = wholeClasses(places, labels, { mostImages: mostJudged, mostOfClass: mostJudged }, random);
  return chosen.length > 0 ? chosen : shuffle([...places], random).slice(0, mostJudged);
}

/** The run's measures; on classes beside those of raw pixels and HOG on the same pictures. */
async function measuresOf({ evaluation, config, dataset, data, engine }: FinishedRun): Promise<MeasureRow[]> {
  if (evaluation === undefined) return [];
  const trained = { name: 'trained', values: evaluation.measures, note: 'On pictures kept from training.' };
  const { heldOut, labels } = data;
  if (heldOut.length === 0 || heldOut.length > mostForBaselines) return [trained];
  const sources = heldOut.map((place) => dataset.images[place].source);
  const { rawPixels, hog, indexes } = await unlearntFeatures(sources, config.preprocessing);
  const rows: MeasureRow[] = [];
  for (const [name, features] of Object.entries({ 'raw pixels': rawPixels, HOG: hog })) {
    const report = await evaluateEmbeddings({
      embeddings: features.data,
      dimension: features.dimension,
      labels: indexes.map((index) => labels[heldOut[index]]),
      engine,
      seed: config.seed,
    });
    rows.push({ name, values: report.measures });
  }
  return [...rows, trained];
}

async function picturesOf(dataset: ImageDataset, ids: readonly string[]): Promise<Map<string, ReportPicture>> {
  const wanted = new Set(ids);
  const pictureAt = datasetPictures(dataset, { width: 64, height: 64 });
  const pictures = new Map<string, ReportPicture>();
  for (const [place, { id }] of dataset.images.entries()) {
    if (wanted.has(id)) pictures.set(id, await pictureAt(place));
  }
  return pictures;
}
