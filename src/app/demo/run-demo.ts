import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { recordEvaluation } from '../../catalogue/embedding/model-file.ts';
import { openCatalogue } from '../../catalogue/mirror/open-catalogue.ts';
import type { FoundImage } from '../../catalogue/mirror/search-images.ts';
import { WorkerEngine } from '../../engines/worker/worker-engine.ts';
import type { EvaluationReport } from '../../evaluation/reports/evaluation-report.ts';
import { throwIfAborted } from '../../foundation/errors/abort-error.ts';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { exists } from '../../foundation/files/exists.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { selectClasses } from '../../pictures/datasets/select-classes.ts';
import { splitByClassHash } from '../../pictures/datasets/split.ts';
import type { EngineChoice, PrecisionChoice } from '../../training/configuration/engine-choices.ts';
import { presets } from '../../training/configuration/presets.ts';
import { type RunFolder, readRunConfig, runFolder } from '../../training/loop/run-folder.ts';
import type { TrainingEvent } from '../../training/loop/train-options.ts';
import type { TrainingPlan } from '../../training/planning/plan-training.ts';
import { type DatasetEvaluation, evaluateDataset } from '../runs/evaluation/evaluate-dataset.ts';
import { type TrainRunResult, trainRun } from '../runs/train-run.ts';
import { writeDemoReport } from './demo-report.ts';
import { emojiPictures } from './emoji.ts';

/** What the demo can train in minutes. */
export type DemoPreset = 'contour' | 'small';

/** Where the demo works, what it trains, and who watches it. */
export interface DemoOptions extends LongWork {
  /** Everything goes here: pictures, run, catalogue. */
  readonly folder: string;
  /** What is trained. `small` is the network that other frameworks' figures are known of. */
  readonly preset: DemoPreset;
  readonly seed: number;
  readonly threads: number;
  /** What trains, and in what. Default: `auto`, as `train` chooses them. */
  readonly engine?: EngineChoice;
  readonly precision?: PrecisionChoice;
  /** Steps of the training, for trying out; the preset's if left out. */
  readonly steps?: number;
  readonly say: (line: string) => void;
  readonly onPlan: (plan: TrainingPlan, run: RunFolder) => void;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** What the demo found out. */
export interface DemoResult {
  readonly run: RunFolder;
  readonly catalogue: string;
  readonly pictures: { readonly hash: string; readonly images: number; readonly concepts: number };
  readonly trained: EvaluationReport;
  readonly baselines: { readonly rawPixels: EvaluationReport; readonly hog: EvaluationReport };
  readonly training: TrainRunResult;
  readonly search: { readonly query: string; readonly results: readonly FoundImage[] };
}

/** The picture that the demo looks for; its concept is one of those that training never sees. */
const queryConcepts = ['tiger-face', 'butterfly', 'rocket'];

/**
 * The whole of lookalike on real pictures: emoji as seven designers draw them. Renders the pictures, trains a
 * preset on half of the concepts, judges it on the other half beside raw pixels and HOG, writes model and report, indexes
 * all pictures and searches for one. Interrupted, it goes on where it was when it is called again.
 *
 * @throws an AbortError if it was aborted; if emoji packages are missing; or if the folder holds another run.
 *
 * The protocol is zero-shot: concepts sorted by the SHA-1 of their names, the first half to learn from, the second to be
 * judged on; nothing is chosen by the second half.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { folder, onProgress, signal, seed } = options;
  const pictureFolder = path.join(folder, 'pictures');
  const run = runFolder(path.join(folder, 'run'));
  const pictures = await emojiPictures(pictureFolder, { onProgress, signal });
  const dataset = await loadDataset(pictureFolder);
  const split = splitByClassHash(dataset.classes);
  options.say(
    `pictures: ${pictureFolder} (${dataset.images.length} emoji, ${dataset.classes.length} concepts; ${split.train.length} to learn from, ${split.test.length} to judge by)`,
  );
  const learnt = selectClasses(dataset, split.train);
  const attribution = await readFile(path.join(pictureFolder, 'NOTICE'), 'utf8');
  const training = await trainRun({
    material: { dataset: learnt, triplets: undefined },
    folder: run.folder,
    choices: {
      preset: options.preset,
      weights: 'none',
      seed,
      heldOut: 0,
      threads: options.threads,
      engine: options.engine ?? 'auto',
      precision: options.precision ?? 'auto',
      ...(options.steps === undefined ? {} : { steps: options.steps }),
    },
    resume: await resumable(run, options, learnt.images.length),
    description: 'Trained on emoji as seven designers draw them: good for flat drawings, not for photographs.',
    attribution,
    signal,
    onProgress,
    onPlan: options.onPlan,
    onEvent: options.onEvent,
  });
  throwIfAborted(options.signal);
  const parts = { dataset, judged: selectClasses(dataset, split.test), unseen: split.test };
  const evaluated = await evaluateAndSearch(options, run, training, parts, attribution);
  const counts = { hash: pictures.hash, images: dataset.images.length, concepts: dataset.classes.length };
  return { run, training, pictures: counts, ...evaluated };
}

/** The emoji, those of the concepts that training never saw, and the names of these. */
interface DemoParts {
  readonly dataset: ImageDataset;
  readonly judged: ImageDataset;
  readonly unseen: readonly string[];
}

/** What the run's model is worth on the concepts that training never saw, and what it finds. */
async function evaluateAndSearch(
  options: DemoOptions,
  run: RunFolder,
  training: TrainRunResult,
  { dataset, judged, unseen }: DemoParts,
  attribution: string,
): Promise<Pick<DemoResult, 'trained' | 'baselines' | 'catalogue' | 'search'>> {
  const { folder, seed, onProgress, signal, threads } = options;
  const engine = await WorkerEngine.create({ threads });
  try {
    const embedder = await loadModel(run.model, { engine });
    const ofModel = { embedder, engine, seed, ks: [1, 5], baselines: true };
    const found = await evaluateDataset({ dataset: judged, ...ofModel, onProgress, signal });
    await writeDemoReport({ run, training, found, dataset, judged, engine, attribution, seed });
    await embedder.close();
    await recordEvaluation(run.model, found.report);
    const evaluatedModel = await loadModel(run.model, { engine });
    const catalogue = path.join(folder, 'catalogue.lance');
    const search = await indexAndSearch(catalogue, dataset.root, evaluatedModel, unseen, options);
    await evaluatedModel.close();
    return { trained: found.report, baselines: requireBaselines(found), catalogue, search };
  } finally {
    await engine.close();
  }
}

/** True if there is a run of this preset, with this seed and of this length to go on with, which may be at its end. */
async function resumable(run: RunFolder, { preset, seed, steps }: DemoOptions, images: number): Promise<boolean> {
  if (!(await exists(run.config))) return false;
  const config = await readRunConfig(run);
  const { epochs, batch } = presets[preset];
  const wanted = steps ?? Math.round((epochs * images) / batch.rows);
  if (config.preset === preset && config.seed === seed && config.steps === wanted) return true;
  throw new TrainingError(
    `'${run.folder}' holds a run of ${config.preset}, ${config.steps} steps with seed ${config.seed}, not of ${preset}, ${wanted} with seed ${seed}: choose another folder with -o`,
  );
}

async function indexAndSearch(
  store: string,
  pictures: string,
  embedder: Awaited<ReturnType<typeof loadModel>>,
  unseen: readonly string[],
  { onProgress, signal }: DemoOptions,
) {
  const catalogue = await openCatalogue(store, { model: embedder });
  await catalogue.index(pictures, { onProgress, signal });
  const concept = queryConcepts.find((name) => unseen.includes(name)) ?? unseen[0];
  const query = path.join(pictures, concept, 'noto.png');
  const results = await catalogue.search(query, 7);
  await catalogue.close();
  return { query, results };
}

function requireBaselines({ baselines }: DatasetEvaluation) {
  if (baselines === undefined) throw new InternalError('the demo judges raw pixels and HOG beside the model');
  return baselines;
}
