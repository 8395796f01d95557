import { counted } from '../../../../foundation/text/counted.ts';
import { calibrationLine } from '../../../pages/calibration-line.ts';
import { amongThemselves, evaluatedOf, evaluatedText } from '../../../pages/evaluated-text.ts';
import type { TrainRunResult } from '../../../runs/train-run.ts';
import type { JsonDocument } from '../../command.ts';
import { measuresTable } from '../measures-table.ts';
import { findingsLines, inFlagsAll } from './findings-lines.ts';
import { pretrainingDocument, pretrainingLine } from './pretraining-line.ts';
import { startLines } from './start-lines.ts';
import { weightsDocument } from './weights-lines.ts';

/** What `train` says of a run that has come to its end: how far it went, how good it is, what the doctor found, where it lies. */
export function trainedLines(result: TrainRunResult): string[] {
  const { run, calibration } = result;
  const { start } = result.config;
  return [
    ...(start === undefined ? steppedLines(result) : startLines(start)),
    ...(calibration === undefined ? [] : [calibrationLine(calibration)]),
    ...findingsLines(result.findings),
    `model: ${run.model}`,
    `report: ${run.report}`,
  ];
}

/** How far the steps of a run went, which state is kept, and how good it is. */
function steppedLines(result: TrainRunResult): string[] {
  const { outcome, evaluation, pretraining } = result;
  const ended = outcome.ended === 'stopped-early' ? 'stopped early' : 'done';
  return [
    `${ended}: ${counted(outcome.step, 'step')}, ${outcome.images} images through the network, ${outcome.seconds.toFixed(1)} s${rates(outcome)}`,
    ...(pretraining === undefined ? [] : [pretrainingLine(pretraining)]),
    ...(evaluation === undefined
      ? []
      : [
          `kept: the state after step ${outcome.weightsStep} of ${outcome.step}${weightsNote(outcome)}`,
          `on ${evaluatedText(evaluation)}`,
          ...measuresTable({ name: 'model', measures: evaluation.measures }, result.baselines),
          ...listed(amongThemselves(evaluation, outcome.evaluation?.report)),
        ]),
  ];
}

/** The same for a program: what `train --json` prints. */
export function trainedDocument(result: TrainRunResult): JsonDocument {
  const { outcome, run, evaluation, pretraining, weights } = result;
  return {
    folder: run.folder,
    model: run.model,
    report: run.report,
    ended: outcome.ended,
    step: outcome.step,
    modelStep: outcome.weightsStep,
    images: outcome.images,
    seconds: outcome.seconds,
    ...(outcome.loaderImagesPerSecond === undefined ? {} : { loaderImagesPerSecond: outcome.loaderImagesPerSecond }),
    parameters: outcome.parameterCount,
    ...(result.config.start === undefined ? {} : { start: result.config.start }),
    evaluation,
    whileTraining: outcome.evaluation?.report,
    judged: evaluation === undefined ? undefined : evaluatedOf(evaluation),
    baselines: result.baselines.map(({ name, measures }) => ({ name, measures: { ...measures } })),
    ...(weights === undefined ? {} : { weights: weightsDocument(weights) }),
    ...(pretraining === undefined ? {} : { pretraining: pretrainingDocument(pretraining) }),
    calibration: result.calibration,
    findings: inFlagsAll(result.findings).map((finding) => ({ ...finding })),
    withoutClass: result.withoutClass,
    negativesOnly: result.negativesOnly,
    tripletsLeftOut: result.tripletsLeftOut,
    unreadable: result.unreadable.map(namedUnreadable),
  };
}

function listed(line: string | undefined): string[] {
  return line === undefined ? [] : [line];
}

/** A picture that cannot be read, with the reason as a sentence. */
export function namedUnreadable({ id, reason }: { readonly id: string; readonly reason: string }) {
  return { id, reason: `cannot read the image '${id}': ${reason}` };
}

/** Which state is kept, and why. */
function weightsNote({ weightsStep, step }: TrainRunResult['outcome']): string {
  return weightsStep === step ? '' : ', the best that was judged';
}

/** How many images a second went through, and how many the loader could have brought. */
function rates({ images, seconds, loaderImagesPerSecond: loader }: TrainRunResult['outcome']): string {
  if (loader === undefined || seconds === 0) return '';
  return ` (${(images / seconds).toFixed(0)} images/s; loading them alone: ${loader.toFixed(0)} images/s)`;
}
