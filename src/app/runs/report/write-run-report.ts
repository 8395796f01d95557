import path from 'node:path';
import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { Engine } from '../../../engines/engine.ts';
import type { EvaluationReport, TripletReport } from '../../../evaluation/reports/evaluation-report.ts';
import { writeAtomically } from '../../../foundation/files/write-atomically.ts';
import { RandomSource } from '../../../foundation/random/random-source.ts';
import { shuffle } from '../../../foundation/random/shuffle.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import { tripletPlaces } from '../../../ranking/triplets/triplet-places.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { trainingClasses } from '../../../training/data/training-classes.ts';
import type { TrainingData } from '../../../training/data/training-data.ts';
import { findCollapsedModel, spreadOf } from '../../../training/doctor/collapsed-model.ts';
import { findFewClasses } from '../../../training/doctor/few-classes.ts';
import { type Finding, inWords } from '../../../training/doctor/finding.ts';
import { findNoBetterThanUnlearnt, type NamedMeasures } from '../../../training/doctor/unlearnt-baselines.ts';
import type { RunFolder } from '../../../training/loop/run-folder.ts';
import { readSavedLog } from '../../../training/loop/saved-run.ts';
import type { ReportPicture } from '../../html/picture-png.ts';
import { amongThemselves, evaluatedText } from '../../pages/evaluated-text.ts';
import { shownPictures } from '../../pages/report/findings-list.ts';
import { trainingReport } from '../../pages/report/training-report.ts';
import { pretrainingFolder } from '../pretrain.ts';
import type { TrainingDoctor } from '../training-doctor.ts';
import { wholeClasses } from '../whole-classes.ts';
import { datasetPictures } from './dataset-pictures.ts';
import { embedWithin } from './embed-within.ts';
import { embeddingGallery } from './embedding-gallery.ts';
import { reportSubject } from './report-subject.ts';
import { placesToSuspect, suspectLabels } from './suspect-labels.ts';

/** What a finished run's page is written from. */
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
  /** How good the model is, and what it has to beat; see `evaluateRun`. */
  readonly evaluation: EvaluationReport | TripletReport | undefined;
  readonly baselines: readonly NamedMeasures[];
  /** The evaluation by which the state was chosen that is kept. */
  readonly whileTraining: EvaluationReport | TripletReport | undefined;
  /** The step whose weights the model has, and the last one. */
  readonly weightsStep: number;
  readonly lastStep: number;
  /** Whom the pictures have to be credited to. */
  readonly notice: string;
  /** How the page puts what findings say of choices. Default: as they say it. */
  readonly wording?: ((text: string) => string) | undefined;
}

/** What the end of a run brought to light. */
export interface RunReport {
  readonly findings: Finding[];
}

/** What a start was chosen from: to be no better than these is no fault of it. */
const ofTheStart: ReadonlySet<string> = new Set(['untouched', 'closed form']);

/** Held-out pictures that are embedded for the page. */
const mostEvaluated = 2000;

/**
 * Ends a run that has its model: embeds pictures that were kept from training and others, looks at their labels, and writes the
 * page.
 */
export async function writeRunReport(finished: FinishedRun): Promise<RunReport> {
  const { run, config, dataset, data, engine, embedder, doctor, evaluation, baselines, notice, wording } = finished;
  const seconds = Math.max(5, finished.trainingSeconds / 20);
  const evaluatedPlaces = placesToEvaluate(data, config.seed);
  const heldOut = data.heldOut.length + data.heldOutTriplets.length > 0;
  const suspected = await embedWithin(embedder, data.pixels, placesToSuspect(data, config.seed, config.steps), seconds);
  const suspects = suspected.places.length === 0 ? undefined : await suspectLabels(dataset, data, suspected, engine);
  const judged = await embedWithin(embedder, data.pixels, evaluatedPlaces, seconds, suspected);
  const findings = await doctor.finish([
    findCollapsedModel(config, spreadOf(judged.data, judged.dimension), judged.places.length),
    evaluation === undefined
      ? undefined
      : findNoBetterThanUnlearnt(
          evaluation.measures,
          baselines.filter(({ name }) => !ofTheStart.has(name)),
          { chosenByFolds: config.start !== undefined },
        ),
    config.start === undefined || evaluation === undefined || !('classes' in evaluation)
      ? undefined
      : findFewClasses(evaluation, config.start),
    suspects,
  ]);
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
    measures:
      evaluation === undefined
        ? []
        : [
            ...baselines.map(({ name, measures }) => ({ name, values: measures })),
            {
              name: config.start === undefined ? 'trained' : 'kept',
              values: evaluation.measures,
              note: noteOf(finished),
            },
          ],
    ...(evaluation === undefined ? {} : { intervalsOver: evaluation.intervals.over }),
    ...gallery,
    evaluatedNote: heldOut
      ? 'All are pictures kept from training.'
      : 'No picture was kept from training: these were trained on.',
    findings: wording === undefined ? findings : findings.map((finding) => inWords(finding, wording)),
    findingPictures: await picturesOf(dataset, shownPictures(findings)),
    dataHash: data.hash,
    notice,
  });
  await writeAtomically(run.report, page);
  return { findings };
}

/** Pictures kept from training, whole classes of them, or, where none were, some that were trained on; in random order. */
function placesToEvaluate({ train, heldOut, heldOutTriplets, labels }: TrainingData, seed: number): ImagePlace[] {
  const random = RandomSource.fromSeed(seed, 'report pictures');
  const listed = tripletPlaces(heldOutTriplets);
  if (listed.length > 0) return shuffle(listed, random).slice(0, mostEvaluated);
  const places = heldOut.length > 0 ? heldOut : train;
  const chosen = wholeClasses(places, labels, { mostImages: mostEvaluated, mostOfClass: mostEvaluated }, random);
  return chosen.length > 0 ? chosen : shuffle([...places], random).slice(0, mostEvaluated);
}

/** What the measures were taken on, and which state of the run they are of. */
function noteOf({ config, evaluation, whileTraining, weightsStep, lastStep }: FinishedRun): string {
  if (config.start !== undefined && evaluation !== undefined) {
    const unseen = config.start.newClasses.length > 0 && config.start.expect !== 'known-classes';
    return `On ${evaluatedText(evaluation)} By folds: each picture was searched for once, by a head that had not learnt ${unseen ? 'its class' : 'it'}; what is kept was then fitted to all pictures.`;
  }
  const judged = evaluation === undefined ? '' : `On ${evaluatedText(evaluation)} `;
  const alone = amongThemselves(evaluation, whileTraining);
  return `${judged}The state after step ${weightsStep} of ${lastStep}${alone === undefined ? '' : `; ${alone}`}.`;
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
