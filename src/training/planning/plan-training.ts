import type { Tensor } from '../../graph/tensor/tensor.ts';
import { changesColours, movesPixels } from '../../pictures/augmentation/augmentation.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { Trunk } from '../../ranking/backbones/trunk.ts';
import { type LossConfig, withClasses } from '../../ranking/losses/loss-table.ts';
import { refuseChoices } from '../configuration/refuse-choices.ts';
import type { BatchConfig } from '../configuration/step/batch-config.ts';
import type { TrainingChoices } from '../configuration/training-choices.ts';
import { checkedTrainingConfig, type TrainingConfig } from '../configuration/training-config.ts';
import { trainingDefaults } from '../configuration/training-defaults.ts';
import { type BatchSource, batchSource } from '../data/batch-source.ts';
import { measurePixels } from '../data/measure-pixels.ts';
import { trainingClasses } from '../data/training-classes.ts';
import { type DataOptions, prepareData, type TrainingData } from '../data/training-data.ts';
import { checkSlices } from '../step/step-gradients.ts';
import { chooseTrunk, type OpenedTrunk } from './open-trunk.ts';
import { chooseRecipe, type Recipe } from './recipe.ts';

/** A run that is ready to start: its whole configuration, and its pictures. */
export interface TrainingPlan {
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  /** The backbone, if it is an ONNX file's. */
  readonly trunk?: Trunk | undefined;
  /** The bytes of that file, of a new run. */
  readonly backboneFile?: Uint8Array | undefined;
  /** What parameters and statistics start with, by name, instead of being drawn. */
  readonly initial?: ReadonlyMap<string, Tensor> | undefined;
}

/** Evaluations of a run. */
const evaluations = 10;
/** With fewer classes than this, single images are held out: two classes, the fewest to judge by, would be missing to learn from. */
const fewClasses = 10;

/**
 * Completes a user's choices into a configuration: the preset fills what was left out, the pictures decide pixel mean and
 * deviation, the size of class batches and the length of an epoch. Whatever can be wrong with the choices alone is said
 * before the pictures are looked at.
 *
 * @throws as `chooseTrunk`, `chooseRecipe` and `prepareData` do; if early stopping is asked for and there are too few pictures to hold any
 * out; or if slices of the batch are asked for that cannot be.
 */
export async function planTraining(
  dataset: ImageDataset,
  choices: TrainingChoices,
  options: DataOptions = {},
): Promise<TrainingPlan> {
  if (options.triplets !== undefined) {
    const leakProof = choices.leakProof === true ? true : undefined;
    refuseChoices({ leakProof }, 'a picture of listed triplets may be in held-out and in trained ones');
  }
  const opened = await openChosenTrunk(choices);
  const recipe = chooseRecipe(choices, options.triplets === undefined ? 'classes' : 'listed', opened?.trunk);
  const { network, pixels, loss, batch, heldOutShare, epochs, steps, evaluateEveryEpochs, ...decided } = recipe;
  const by = dataset.classes.length < fewClasses ? 'image' : 'class';
  const heldOut = { share: heldOutShare, by, ...(choices.leakProof === true ? { leakProof: true } : {}) } as const;
  const { seed, preprocessing, sampler } = recipe;
  const prepared = { preprocessing, heldOut, seed, ...(sampler === undefined ? {} : { sampler }) };
  const data = await prepareData(dataset, prepared, options);
  if (recipe.patience !== null && data.heldOut.length + data.heldOutTriplets.length === 0) {
    refuseChoices(
      { patience: recipe.patience },
      `${data.train.length} pictures are too few to keep a share of ${heldOutShare} from training and judge by it: give choices.heldOut a larger share, or leave choices.patience out`,
    );
  }
  const source = batchSource(data.material, batch, seed);
  const length = runLength(recipe, source, data.heldOut.length + 3 * data.heldOutTriplets.length);
  const config = checkedTrainingConfig(
    {
      ...decided,
      network: {
        ...network,
        ...(pixels === 'unit' ? { pixelMean: 0, pixelDeviation: 1, grey: false } : await measurePixels(data)),
      },
      loss: exactLoss(loss, trainingClasses(data).count, length.steps),
      batch: exactBatch(batch, source),
      heldOut,
      ...length,
      engine: {
        threads: choices.threads ?? trainingDefaults.threads,
        rowsAtOnce: choices.rowsAtOnce ?? source.rows,
        provider: choices.provider ?? trainingDefaults.provider,
        convolutionBlock: 0,
      },
    } satisfies TrainingConfig,
    'the chosen training',
  );
  checkSlices(config);
  return { config, data, ...(opened === undefined ? {} : { trunk: opened.trunk, backboneFile: opened.bytes }) };
}

async function openChosenTrunk({
  trunk,
  size,
  augmentation,
  preset,
}: TrainingChoices): Promise<OpenedTrunk | undefined> {
  if (trunk === undefined) return undefined;
  const augmented = augmentation !== undefined && (movesPixels(augmentation) || changesColours(augmentation));
  const suggestCut = preset === 'auto';
  return chooseTrunk(trunk, { augmented, suggestCut, ...(size === undefined ? {} : { size }) });
}

/** The batch that the pictures really give; from it the same source is made again. */
export function exactBatch(asked: BatchConfig, { rows, imagesPerClass, everyClass }: BatchSource): BatchConfig {
  if (asked.kind === 'triplets') return asked;
  return { kind: 'classes', rows, imagesPerClass: imagesPerClass ?? asked.imagesPerClass, everyClass };
}

/** The loss with what only the pictures and the length of the run decide. */
function exactLoss(asked: LossConfig, classes: number, steps: number): LossConfig {
  if (!('memory' in asked) || asked.memory === undefined) return withClasses(asked, classes);
  const { rows, after = Math.ceil(steps / 10) } = asked.memory;
  return { ...asked, memory: { rows, after } };
}

/**
 * Steps of the run, of an epoch, and between evaluations. Unless somebody says otherwise there are ten evaluations, in a run of 30
 * steps as in one of 3,000, but fewer where more pictures are held out than go through the network meanwhile: embedding them then
 * takes about a third of the training's time.
 */
function runLength(
  { epochs, steps: asked, evaluateEveryEpochs }: Recipe,
  { epochBatches, rows }: BatchSource,
  judged: number,
) {
  const stepsPerEpoch = Math.ceil(epochBatches);
  const steps = asked ?? Math.max(1, Math.round(epochs * epochBatches));
  const evaluateEvery =
    evaluateEveryEpochs === undefined
      ? Math.min(steps, Math.max(Math.ceil(steps / evaluations), Math.ceil(judged / rows)))
      : Math.max(1, Math.round(evaluateEveryEpochs * epochBatches));
  return { steps, stepsPerEpoch, evaluateEvery };
}
