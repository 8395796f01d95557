import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { embedByModel } from '../../catalogue/embedding/embed-by-model.ts';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { readModel } from '../../catalogue/embedding/model-file.ts';
import { WorkerEngine } from '../../engines/worker/worker-engine.ts';
import { type OptionRules, objectWith, optional, text, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { AppendLog } from '../../foundation/files/append-log.ts';
import { exists } from '../../foundation/files/exists.ts';
import { fileError, isMissing } from '../../foundation/files/file-error.ts';
import { type LongWork, longWorkRules } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import { prepareData, type TrainingData } from '../../training/data/training-data.ts';
import { examineLog } from '../../training/doctor/examine-log.ts';
import { type Finding, inOrder, joined } from '../../training/doctor/finding.ts';
import { readFindings } from '../../training/doctor/findings-file.ts';
import { examineData, examinedImages } from '../../training/doctor/pictures/examine-data.ts';
import { findLeakage } from '../../training/doctor/pictures/leakage.ts';
import { readCheckpoint } from '../../training/loop/checkpoint.ts';
import { type RunFolder, readRunConfig, runFolder } from '../../training/loop/run-folder.ts';
import { requireSameData } from '../../training/loop/same-data.ts';
import { readTrainingLog } from '../../training/loop/training-log.ts';
import { trainingMaterialRule } from './check-train-run-options.ts';
import { nearHeldOut, nearIdenticalParts } from './near-identical-parts.ts';
import { embedWithin } from './report/embed-within.ts';
import { placesToSuspect, suspectLabels } from './report/suspect-labels.ts';
import type { TrainingMaterial } from './training-material.ts';

/** The run that the doctor examines, and what it may look at. */
export interface ExamineRunOptions extends LongWork {
  /** The folder of a run: at its end, under way or stopped. */
  readonly folder: string;
  /** What it was trained on, to look at the pictures anew; without it what the run itself found in them is told. */
  readonly material?: TrainingMaterial;
  /** Pictures to judge by: are any of them trained on? Only with `material`. */
  readonly test?: ImageDataset;
  readonly threads: number;
}

/** What the doctor says of a run. */
export interface RunExamination {
  /** The last step in the log; 0 before the first line. */
  readonly step: number;
  readonly steps: number;
  /** False where the run keeps nothing about its pictures and none were given. */
  readonly picturesExamined: boolean;
  readonly findings: readonly Finding[];
}

const examineRules: OptionRules<ExamineRunOptions> = {
  folder: text('the folder of a run'),
  material: optional(trainingMaterialRule),
  test: optional(objectWith('a data set', [], 'await loadDataset(path) gives one')),
  threads: wholeNumber(1),
  ...longWorkRules,
};

/** Seconds that may be spent on embedding pictures. */
const embeddingSeconds = 120;

/**
 * Examines a run: its log and, if they are given, its pictures. Nothing in the folder is changed, so the run may be under way.
 *
 * @throws if the folder holds no run, or its files are not those of a run; if the pictures are not those of the run, which its
 * model or its checkpoint tells.
 */
export async function examineRun(options: ExamineRunOptions): Promise<RunExamination> {
  checkOptions(options, examineRules);
  throwIfAborted(options.signal);
  const run = runFolder(options.folder);
  await requireRun(run);
  const config = await readRunConfig(run);
  const started = await exists(run.log);
  const log = readTrainingLog(started ? await AppendLog.peek(run.log) : []);
  const last = log.steps.at(-1)?.step ?? 0;
  const ofLog = examineLog(config, log, log.kept !== undefined || last >= config.steps ? 'ended' : 'standing');
  const kept = options.material === undefined ? await readFindings(run.findings) : undefined;
  const inPictures =
    options.material === undefined ? kept : await examinePictures(run, config, options.material, options);
  return {
    step: last,
    steps: config.steps,
    picturesExamined: inPictures !== undefined,
    findings: joined(ofLog, inPictures ?? []),
  };
}

async function examinePictures(
  run: RunFolder,
  config: TrainingConfig,
  { dataset, triplets }: TrainingMaterial,
  options: ExamineRunOptions,
): Promise<Finding[]> {
  const { onProgress, signal, test } = options;
  const startedWith = await dataHashOf(run);
  const data = await prepareData(dataset, config, {
    embedByModel,
    triplets,
    onProgress,
    signal,
  });
  if (startedWith !== undefined) {
    requireSameData(run, config, data, startedWith, 'give those, or leave the pictures out');
  }
  const found: (Finding | undefined)[] = examineData(dataset, config, data, await nearHeldOut(data));
  if (test !== undefined) found.push(await leakageInto(test, dataset, data, options));
  const places = placesToSuspect(data, config.seed, config.steps);
  if (places.length > 0 && (await exists(run.model))) {
    const engine = await WorkerEngine.create({ threads: options.threads });
    try {
      const embedder = await loadModel(run.model, { engine, precision: 'float32' });
      const embedded = await embedWithin(embedder, data.pixels, places, embeddingSeconds);
      found.push(await suspectLabels(dataset, data, embedded, engine));
      await embedder.close();
    } finally {
      await engine.close();
    }
  }
  return inOrder(found);
}

/** The hash of the data that a run was started with; undefined where it has neither a model nor a checkpoint that tells it. */
async function dataHashOf(run: RunFolder): Promise<string | undefined> {
  // The model first: it is the smaller file.
  if (await exists(run.model)) {
    const { metadata } = await readModel(run.model);
    if (metadata.dataHash !== null) return metadata.dataHash;
  }
  if (!(await exists(run.checkpoint))) return undefined;
  // A damaged one tells nothing, and is no reason to leave a run unexamined.
  const checkpoint = await readCheckpoint(run.checkpoint).catch(() => undefined);
  const dataHash = checkpoint?.state['dataHash'];
  return typeof dataHash === 'string' ? dataHash : undefined;
}

/** Pictures of another dataset that are trained on. */
async function leakageInto(
  test: ImageDataset,
  dataset: ImageDataset,
  data: TrainingData,
  watched: LongWork,
): Promise<Finding | undefined> {
  const pixels = new PixelCache(test, data.pixels.rule);
  const digests = new Map<number, string>();
  const places = await pixels.scan(watched, (place, prepared) =>
    digests.set(place, createHash('sha1').update(prepared).digest('hex')),
  );
  const trained = { pixels: data.pixels, places: data.train };
  return findLeakage(
    { images: data.train, digests: data.digests, idOf: examinedImages(dataset, data).idOf },
    { images: places, digests, idOf: (place) => test.images[place].id },
    await nearIdenticalParts(trained, { pixels, places }),
    `pictures in '${test.root}'`,
  );
}

async function requireRun(run: RunFolder): Promise<void> {
  try {
    await stat(run.config);
  } catch (error) {
    if (!isMissing(error)) throw fileError('read', run.config, error);
    throw new TrainingError(
      `there is no training run in '${run.folder}': it has no config.json; give the folder that it was trained into`,
    );
  }
}
