import { loadModel } from '../../catalogue/embedding/embedder.ts';
import { writeModel } from '../../catalogue/embedding/model-file.ts';
import type { ModelDescription } from '../../catalogue/embedding/model-metadata.ts';
import type { TriedCalibration } from '../../evaluation/calibration/try-calibration.ts';
import { embeddingBatch } from '../../ranking/networks/convnets/backbone-table.ts';
import type { TrainOutcome } from '../../training/loop/train-options.ts';
import { modelGraph } from '../../training/step/network-graphs.ts';
import { calibrateBy, calibrateRun } from './calibrate-run.ts';
import { evaluateRun, type RunEvaluation } from './evaluate-run.ts';
import type { FinishedTraining } from './execute-run.ts';
import type { RunPlan } from './planning/plan-run.ts';
import { type RunReport, writeRunReport } from './report/write-run-report.ts';
import type { TrainRunOptions } from './train-run-options.ts';

/** What of a finished run is in its folder, beside the model. */
export interface PublishedRun extends RunReport, RunEvaluation {
  /** What distances mean, or why the model does not say it; undefined without held-out pictures. */
  readonly calibration: TriedCalibration | undefined;
}

/** What the model file says of where it is from, and the words of the page. */
export type ModelCredits = Pick<TrainRunOptions, 'description' | 'attribution' | 'wording'>;

/** Credits, and who hears of the judgement. */
export type PublishRunOptions = ModelCredits & Pick<TrainRunOptions, 'onProgress'>;

/**
 * Makes of a run that is at its end its judgement (see `evaluateRun`), its model file, calibrated on the pictures kept from training, its findings and its page;
 * then the pixels that the run kept for itself go.
 *
 * @throws as `writeModel`, `loadModel` and `writeRunReport` do.
 */
export async function publishRun(
  plan: RunPlan,
  trained: FinishedTraining,
  options: PublishRunOptions,
): Promise<PublishedRun> {
  const { run, training, dataset, engine, disk } = plan;
  const { config, data, trunk } = training;
  const { outcome, doctor } = trained;
  const evaluated = await evaluateRun(plan, trained, { onProgress: options.onProgress });
  const description = describe(plan, outcome, evaluated, options);
  await writeModel(run.model, modelGraph(config, outcome.weights, trunk), description);
  const embedder = await loadModel(run.model, { engine, precision: 'float32' });
  try {
    const { start } = plan;
    const calibration =
      start === undefined
        ? await calibrateRun(embedder, config, data)
        : await calibrateBy(embedder, config, {
            ...start.unseen,
            source: `${start.unseen.labels.length} pictures whose classes were not learnt`,
          });
    const report = await writeRunReport({
      run,
      config,
      dataset,
      data,
      engine,
      embedder,
      doctor,
      trainingSeconds: outcome.seconds,
      ...evaluated,
      whileTraining: outcome.evaluation?.report,
      weightsStep: outcome.weightsStep,
      lastStep: outcome.step,
      notice: options.attribution ?? '',
      wording: options.wording,
    });
    await disk?.remove();
    return { ...report, ...evaluated, calibration };
  } finally {
    await embedder.close();
  }
}

function describe(
  { training }: RunPlan,
  { step, weightsStep }: TrainOutcome,
  { evaluation }: RunEvaluation,
  credits: ModelCredits,
): ModelDescription {
  const { config, data } = training;
  const kept = weightsStep === step ? '' : `; the state after step ${weightsStep} is kept`;
  const trained = `Trained with the preset ${config.preset} for ${step} steps${kept}.`;
  const mapped = "A linear map of a pretrained network's features, chosen by folds of the pictures (preset auto).";
  return {
    description: credits.description ?? (config.start === undefined ? trained : mapped),
    attribution: credits.attribution ?? '',
    preprocessing: config.preprocessing,
    distance: 'euclidean',
    embeddingBatch: embeddingBatch(config.network),
    network: config.network,
    training: config,
    seed: config.seed,
    dataHash: data.hash,
    evaluation: evaluation ?? {},
  };
}
