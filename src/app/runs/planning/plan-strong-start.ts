import { loadModel } from '../../../catalogue/embedding/embedder.ts';
import type { Engine } from '../../../engines/engine.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import type { ImageDataset } from '../../../pictures/datasets/dataset.ts';
import { checkTrunk } from '../../../ranking/backbones/check-trunk.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import { possibleParts, unlearntParts } from '../../../ranking/networks/unlearnt/unlearnt-parts.ts';
import type { Expectation } from '../../../training/configuration/start-config.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import { featuresOfCandidates } from '../../../training/features/frozen-features.ts';
import type { TrainingPlan } from '../../../training/planning/plan-training.ts';
import { candidateTrunks } from '../../../training/start/candidate-trunks.ts';
import { chooseNormalization } from '../../../training/start/choosing/choose-normalization.ts';
import { strongStart } from '../../../training/start/strong-start.ts';
import type { Baseline, StrongStart } from '../../../training/start/strong-start-options.ts';
import type { TrainRunOptions } from '../train-run-options.ts';
import { untrainedNames, untrainedTables } from '../untrained/untrained-tables.ts';

/** A plan whose network is a start that folds have chosen. */
export interface StrongStartPlan {
  readonly training: TrainingPlan;
  readonly start: StrongStart;
}

/** What decides a start, beside the pictures. */
export interface StrongStartChoices {
  readonly expect: Expectation;
  readonly seconds: number;
  /** Length of the embedding, where somebody said it. */
  readonly dimension: number | undefined;
  /** True if somebody said where the network is cut. */
  readonly cutChosen: boolean;
  /** True if somebody said how pixels enter. */
  readonly normalizationChosen: boolean;
}

/**
 * Completes the plan of a run of `auto`: the features of its pictures, the start that folds choose, and a configuration of no
 * steps that begins, and ends, there. The pictures go through the network once; their features are kept for other runs.
 *
 * @throws as `featuresOfCandidates` and `strongStart` do.
 */
export async function planStrongStart(
  planned: TrainingPlan & { readonly trunk: Trunk },
  dataset: ImageDataset,
  choices: StrongStartChoices,
  engine: Engine,
  options: Pick<TrainRunOptions, 'featureCache' | 'signal' | 'onProgress' | 'onEvent'>,
): Promise<StrongStartPlan> {
  const { config, data } = planned;
  const cache = {
    cache: options.featureCache,
    signal: options.signal,
    onWarning: (message: string) => options.onEvent?.({ kind: 'warning', message }),
  };
  const entering = choices.normalizationChosen
    ? { trunk: planned.trunk, reasons: [] }
    : await chooseNormalization(engine, config, planned.trunk, data, cache);
  const trunks = candidateTrunks(entering.trunk, choices.cutChosen);
  const cuts = trunks.map(({ trunk }) => trunk);
  const { table } = await featuresOfCandidates(engine, config, cuts, data, {
    ...cache,
    onProgress: options.onProgress,
  });
  const { width, height } = config.network;
  const parts = possibleParts(height, width);
  const until = performance.now() + 1000 * choices.seconds;
  const start = await strongStart({
    engine,
    data,
    seed: config.seed,
    expect: choices.expect,
    dimension: choices.dimension,
    trunks,
    features: table,
    parts,
    lengths: [...cuts.map(checkTrunk), ...parts.map((name) => unlearntParts[name].length(height, width))],
    baselines: (places) => baselinesOf(dataset, config, engine, places),
    timeLeft: () => performance.now() < until,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const reasons = [...entering.reasons, ...start.start.reasons];
  return {
    start: { ...start, start: { ...start.start, reasons } },
    training: {
      ...planned,
      trunk: start.trunk,
      initial: start.weights,
      config: {
        ...config,
        network: { ...config.network, embeddingDimension: start.embeddingDimension, trunk: start.trunk.config },
        start: {
          ...start.start,
          reasons,
          cut: choices.cutChosen ? 'chosen' : 'compared',
          dimensionChosen: choices.dimension !== undefined,
        },
        steps: 0,
      },
    },
  };
}

/** Raw pixels, histograms of oriented gradients, and the packaged model as it comes. */
async function baselinesOf(
  dataset: ImageDataset,
  { preprocessing: rule }: Pick<TrainingConfig, 'preprocessing'>,
  engine: Engine,
  places: readonly number[],
): Promise<Baseline[]> {
  const sources = places.map((place) => dataset.images[place].source);
  const packaged = await loadModel(packagedModel, { engine, precision: 'float32' });
  try {
    const baselines: Baseline[] = [];
    for await (const { kind, data, dimension } of untrainedTables({ sources, rule, packaged })) {
      baselines.push({ name: untrainedNames[kind], embeddings: data, dimension });
    }
    return baselines;
  } finally {
    await packaged.close();
  }
}
