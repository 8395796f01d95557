import { encodeModelFile } from '../../../catalogue/embedding/model-encoding.ts';
import type { TriedCalibration } from '../../../evaluation/calibration/try-calibration.ts';
import { AbortError } from '../../../foundation/errors/abort-error.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import type { Tensor } from '../../../graph/tensor/tensor.ts';
import { imagePlace } from '../../../pictures/datasets/image-place.ts';
import { embeddingBatch } from '../../../ranking/networks/convnets/backbone-table.ts';
import { learningRateFactor } from '../../../ranking/optimizers/learning-rate-schedule.ts';
import { ImagesByClass } from '../../../ranking/triplets/images-by-class.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { BatchLoader } from '../../../training/data/batch-loader.ts';
import { measurePixels } from '../../../training/data/measure-pixels.ts';
import { isCollapsed, spreadOf } from '../../../training/doctor/collapsed-model.ts';
import { embedPlaces } from '../../../training/step/embed-places.ts';
import { modelGraph } from '../../../training/step/network-graphs.ts';
import { Trainer } from '../../../training/step/trainer.ts';
import { nextTurn } from '../worker/call-work.ts';
import type { TrainedFigures } from '../worker/protocol.ts';
import { calibratedHere, calibrationRemark, heldOutRows } from './calibrated-here.ts';
import { joinedRows } from './joined-rows.ts';
import type { LabelledPictures } from './labelled-pictures.ts';
import { networkRun, smallRule } from './network-config.ts';
import { PagePixels } from './page-pixels.ts';
import { figuresOf } from './trained-figures.ts';
import { createdBy, type KindOfTraining, type TrainedHere } from './trained-here.ts';

/** The weights that a run keeps: those of its best evaluation. */
interface Kept {
  readonly step: number;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly figures: TrainedFigures | undefined;
  /** Of all labelled pictures. */
  readonly embeddings: Float32Array;
}

/**
 * Trains the network of the preset `small` from its first weights, by the very step that `train` does in Node. Ten times it is
 * judged by the pictures that were kept aside, and the best of these states is the model. Stopped, it keeps what it has.
 *
 * @throws AbortError if it was stopped before the first evaluation.
 */
export async function trainNetworkHere(options: KindOfTraining<'network'>): Promise<TrainedHere> {
  const { training, pictures, model, work } = options;
  const pixels = await PagePixels.prepare(pictures.images, smallRule, work);
  const images = new ImagesByClass(pictures.train.map((place) => pictures.labels[place]));
  images.requireTriplets('training in the page');
  const measured = await measurePixels({ train: pictures.train, pixels });
  const { config, source } = networkRun(training, images, measured, pictures.by);
  const trainer = await Trainer.create(model.engine, config);
  try {
    const loader = new BatchLoader(config, { ...pictures, pixels }, source);
    const kept = await run(options, trainer, loader, pixels);
    const vectors = joinedRows(pictures.images.map(({ vector }) => vector));
    const before = await figuresOf(vectors, pictures, model.engine);
    const tried = calibrationOf(config, kept, pictures);
    const calibrated = 'calibration' in tried ? tried : {};
    const description = { ...describe(config, kept), ...calibrated };
    const { bytes } = await encodeModelFile(modelGraph(config, kept.weights), description, {
      engine: model.engine,
      createdBy,
      name: 'the trained network',
    });
    const remarks = [...remarksOf(config, kept, before), calibrationRemark(tried)];
    return { kind: 'network', before, after: kept.figures, remarks, bytes };
  } finally {
    await trainer.close();
  }
}

/** By the pictures that were kept aside; as `calibrateRun` in Node, not of a network that has collapsed. */
function calibrationOf(config: TrainingConfig, { embeddings }: Kept, pictures: LabelledPictures): TriedCalibration {
  const unseen = heldOutRows(embeddings, pictures);
  if (isCollapsed(config, spreadOf(unseen.data, embeddings.length / pictures.labels.length)))
    return { refused: 'the network gives all pictures nearly the same embedding' };
  return calibratedHere({ ...unseen, distance: 'euclidean', seed: config.seed });
}

async function run(
  { pictures, model, work }: KindOfTraining<'network'>,
  trainer: Trainer,
  loader: BatchLoader,
  pixels: PagePixels,
): Promise<Kept> {
  const { config } = trainer;
  const places = pictures.images.map((_, place) => imagePlace(place));
  let kept: Kept | undefined;
  for (let step = 1; step <= config.steps && !work.signal.aborted; step++) {
    const { batch } = await loader.take(step);
    const rate = config.learningRate * learningRateFactor(config.schedule, step, config.steps);
    const { loss } = await trainer.step(batch, step, rate);
    if (!Number.isFinite(loss)) {
      throw new TrainingError(`the loss of step ${step} is ${loss}: train with another seed, or look at the pictures`);
    }
    work.tell({ kind: 'step', step, of: config.steps, loss });
    await nextTurn();
    if (step % config.evaluateEvery !== 0 && step !== config.steps) continue;
    const embeddings = await embedPlaces(trainer, pixels, places);
    const figures = await figuresOf(embeddings, pictures, model.engine);
    if (figures !== undefined) work.tell({ kind: 'evaluation', step, recallAt1: figures.recallAt1.value });
    if (kept === undefined || isBetter(figures, kept.figures)) {
      kept = { step, figures, embeddings, weights: await trainer.weights() };
    }
  }
  if (kept === undefined) throw new AbortError('training was stopped before its first evaluation: nothing was learnt');
  return kept;
}

/** Without figures the later state is taken. */
function isBetter(figures: TrainedFigures | undefined, than: TrainedFigures | undefined): boolean {
  return figures === undefined || than === undefined || figures.mapAtR.value > than.mapAtR.value;
}

function describe(config: TrainingConfig, { step, figures }: Kept) {
  return {
    description: `Trained in a page with the preset ${config.preset}; the state after step ${step} of ${config.steps} is kept.`,
    attribution: '',
    preprocessing: config.preprocessing,
    distance: 'euclidean',
    embeddingBatch: embeddingBatch(config.network),
    network: config.network,
    training: config,
    seed: config.seed,
    dataHash: null,
    evaluation: figures === undefined ? {} : { pageFigures: { ...figures } },
  } as const;
}

function remarksOf(config: TrainingConfig, { step, figures }: Kept, before: TrainedFigures | undefined): string[] {
  const kept = `The state after step ${step} of ${config.steps} is kept`;
  if (figures === undefined || before === undefined)
    return [`${kept}.`, 'Too few pictures could be kept aside to judge it by.'];
  const state = `${kept}: the best by the pictures that were kept aside, so that their figures flatter it a little.`;
  return figures.mapAtR.value < before.mapAtR.value
    ? [state, 'It finds less than the model that is loaded: a head on that one is the better choice here.']
    : [state];
}
