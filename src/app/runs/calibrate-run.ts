import type { Embedder } from '../../catalogue/embedding/embedder.ts';
import { recordCalibration } from '../../catalogue/embedding/model-file.ts';
import { type TriedCalibration, tryCalibration } from '../../evaluation/calibration/try-calibration.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { backboneTable } from '../../ranking/networks/convnets/backbone-table.ts';
import type { TrainingConfig } from '../../training/configuration/training-config.ts';
import type { TrainingData } from '../../training/data/training-data.ts';
import { isCollapsed, spreadOf } from '../../training/doctor/collapsed-model.ts';
import { embedWithin } from './report/embed-within.ts';
import { wholeClasses } from './whole-classes.ts';

/** Most held-out pictures that are embedded: a light network takes seconds for them, another one about a minute. */
const mostImages = { light: 2000, other: 300 } as const;

/**
 * Calibrates a run's model on the pictures kept from training, whole classes in random order up to a number of pictures that
 * the network allows, and writes the calibration into its file. The same run gives the same calibration. A model that has collapsed, or
 * whose distances do not tell pairs of one class from others, is not calibrated.
 *
 * @param embedder the run's model, which stays open and does not know the calibration.
 * @returns undefined where no picture was kept from training.
 */
export async function calibrateRun(
  embedder: Embedder,
  config: Pick<TrainingConfig, 'network' | 'seed' | 'loss' | 'batch'>,
  { heldOut, heldOutTriplets, labels, pixels }: TrainingData,
): Promise<TriedCalibration | undefined> {
  if (heldOutTriplets.length > 0) {
    return {
      refused: 'triplets say which of two is more alike, and not which pairs are: calibrate on labelled images',
    };
  }
  if (heldOut.length === 0) return undefined;
  const { network, seed } = config;
  const most = backboneTable.find(network.backbone)?.light === true ? mostImages.light : mostImages.other;
  const random = RandomSource.fromSeed(seed, 'calibration classes');
  const places = wholeClasses(heldOut, labels, { mostImages: most, mostOfClass: most }, random);
  const { data, dimension } = await embedWithin(embedder, pixels, places, Number.POSITIVE_INFINITY);
  return calibrateBy(embedder, config, {
    data,
    dimension,
    labels: places.map((place) => labels[place]),
    source: `${places.length} pictures kept from training`,
  });
}

/** Embeddings that the model's distances are calibrated by, and where they are from. */
export interface CalibrationEmbeddings {
  readonly data: Float32Array;
  readonly dimension: number;
  readonly labels: readonly number[];
  readonly source: string;
  /** How many of the pictures each model embedded that was made like the run's; see `fitCalibration`. */
  readonly parts?: readonly number[];
}

/** Calibrates a run's model by embeddings of pictures that it, or one made like it, had not learnt; as `calibrateRun`. */
export async function calibrateBy(
  embedder: Embedder,
  config: Pick<TrainingConfig, 'network' | 'seed' | 'loss' | 'batch'>,
  { data, dimension, labels, source, parts }: CalibrationEmbeddings,
): Promise<TriedCalibration> {
  const { path, metadata } = embedder.model;
  const spread = spreadOf(data, dimension);
  if (isCollapsed(config, spread)) {
    const refused = `the model gives all pictures nearly the same embedding (variance ${Number(spread.toPrecision(2))} of 1): its distances say nothing`;
    return { refused };
  }
  const tried = tryCalibration({
    embeddings: data,
    dimension,
    labels,
    distance: metadata.distance,
    seed: config.seed,
    source,
    ...(parts === undefined ? {} : { parts }),
  });
  if ('calibration' in tried) await recordCalibration(path, tried.calibration);
  return tried;
}
