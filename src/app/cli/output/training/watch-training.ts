import { counted } from '../../../../foundation/text/counted.ts';
import { percent } from '../../../../foundation/text/percent.ts';
import { samplerTable } from '../../../../ranking/triplets/samplers/sampler-table.ts';
import { rowsOf } from '../../../../training/configuration/step/batch-config.ts';
import type { RunFolder } from '../../../../training/loop/run-folder.ts';
import type { TrainingEvent } from '../../../../training/loop/train-options.ts';
import type { TrainingPlan } from '../../../../training/planning/plan-training.ts';
import { evaluatedName } from '../../../pages/evaluated-text.ts';
import { webGpuRemark } from '../../../runs/webgpu-remark.ts';
import { inFlags } from '../in-flags.ts';
import type { Terminal } from '../terminal.ts';

/** Tells a terminal how a training run goes. */
export interface TrainingWatch {
  /** Says what is going to be done. */
  plan(plan: TrainingPlan, run: RunFolder): void;
  event(event: TrainingEvent): void;
  /** As `event`, of the softmax pre-training. */
  pretraining(event: TrainingEvent): void;
}

function negatives({ negativesOnly }: TrainingPlan['data']): string {
  return negativesOnly > 0 ? `, ${negativesOnly} of them alone in their class and so negatives only` : '';
}

function keptToEvaluate({ config, data }: TrainingPlan): string {
  if (data.heldOutTriplets.length > 0) return `${counted(data.heldOutTriplets.length, 'triplet')} kept to judge by`;
  const moved = data.movedToTraining;
  const copies = moved > 0 ? `; ${counted(moved, 'picture')} not kept, for a trained one looks nearly the same` : '';
  if (data.heldOut.length > 0) return `${data.heldOut.length} kept to judge by${copies}`;
  const { share } = config.heldOut;
  if (copies !== '') return `none kept to judge by${copies}`;
  return `none kept to judge by${share > 0 ? `: a share of ${share} is too few of them` : ''}`;
}

function estimated({ material }: TrainingPlan['data']): string {
  const count = material.kind === 'classes' ? (material.relevance?.estimatedTotals ?? 0) : 0;
  return count > 0 ? `; total relevance of ${counted(count, 'picture')} estimated from a sample of their category` : '';
}

/** How often the pictures go through the network: a run's length in steps follows from their number, unless it was chosen. */
function epochs({ steps, stepsPerEpoch }: TrainingPlan['config']): string {
  const times = Number((steps / stepsPerEpoch).toPrecision(2));
  return times === 1 ? '1 epoch' : `${times} epochs`;
}

/** The pixels that pictures are brought to, and how, where they keep their aspect. */
function sizeText({ width, height, fit }: TrainingPlan['config']['preprocessing']): string {
  return `${width} x ${height}${fit === 'stretch' ? '' : ` (${fit})`}`;
}

function backboneText({ backbone, trunk }: TrainingPlan['config']['network']): string {
  if (trunk === undefined) return backbone;
  const frozen = typeof trunk.frozen === 'string' ? trunk.frozen : `up to '${trunk.frozen.upTo}'`;
  return `ONNX backbone cut at '${trunk.cut}' (frozen: ${frozen})`;
}

/** Says what happened in a run, after `phase`. */
function tell(
  terminal: Terminal,
  bar: ReturnType<Terminal['progress']> | undefined,
  event: TrainingEvent,
  phase = '',
): void {
  if (event.kind === 'step') {
    const { step, steps, loss, activeShare, imagesPerSecond } = event.progress;
    bar?.update(
      step,
      steps,
      `loss ${loss.toFixed(4)}, active ${percent(activeShare)}, ${imagesPerSecond.toFixed(0)} images/s`,
    );
  } else if (event.kind === 'warning') {
    terminal.warn(inFlags(event.message));
  } else if (event.kind === 'evaluation') {
    const { score, report } = event.evaluation;
    const measure = 'mapAtR' in report.measures ? 'MAP@R' : 'similarity precision';
    terminal.remark(
      `${phase}step ${event.step}: ${measure} ${percent(score)} on ${evaluatedName(report)} kept from training${event.best ? ', the best so far' : ''}`,
    );
  }
}

/** A watch with a progress bar that shows loss, share of active triplets, images a second and the time left. */
export function watchTraining(terminal: Terminal): TrainingWatch {
  let bar: ReturnType<Terminal['progress']> | undefined;
  let before: ReturnType<Terminal['progress']> | undefined;
  return {
    plan(plan, run) {
      const { config, data } = plan;
      bar = terminal.progress('training', 'steps');
      const { network, batch, loss } = config;
      terminal.remark(
        `${counted(data.train.length, 'picture')} to learn from${negatives(data)}; ${keptToEvaluate(plan)}`,
      );
      if (data.withoutClass > 0) terminal.remark(`${counted(data.withoutClass, 'picture')} of no class left out`);
      if (data.tripletsLeftOut > 0) {
        terminal.remark(
          `${counted(data.tripletsLeftOut, 'triplet')} left out: an image cannot be read, or query and positive look the same`,
        );
      }
      const { onednn } = config.engine;
      if (onednn !== undefined) {
        const { version, threads, instructions, precision, timesAsFast } = onednn;
        const measured =
          timesAsFast === undefined
            ? ''
            : `; bfloat16 was measured to be ${timesAsFast.toFixed(1)} times as fast as float32`;
        terminal.remark(`computed by oneDNN ${version} (${threads}, ${instructions}) in ${precision}${measured}`);
      }
      const onWebGpu = webGpuRemark(plan);
      if (onWebGpu !== undefined) terminal.remark(onWebGpu);
      if (config.start !== undefined) {
        terminal.remark(
          `${backboneText(network)} at ${sizeText(config.preprocessing)}, ${network.embeddingDimension} dimensions; seed ${config.seed}`,
        );
        terminal.remark(`run: ${run.folder}`);
        return;
      }
      terminal.remark(
        `${backboneText(network)} at ${sizeText(config.preprocessing)}, ${network.paths === 'none' ? 'no' : network.paths} low-resolution paths, ${network.embeddingDimension} dimensions${network.hog ? ', half of them of oriented gradients' : ''}; loss ${loss.kind}; ${config.steps} steps of ${rowsOf(batch)} images, ${epochs(config)}${config.engine.rowsAtOnce < rowsOf(batch) ? `, ${config.engine.rowsAtOnce} at once` : ''}; seed ${config.seed}`,
      );
      if (config.sampler !== undefined)
        terminal.remark(`${samplerTable.of(config.sampler).inWords(config.sampler)}${estimated(data)}`);
      terminal.remark(`run: ${run.folder}`);
    },
    event(event) {
      tell(terminal, bar, event);
    },
    pretraining(event) {
      before ??= terminal.progress('pre-training', 'steps');
      tell(terminal, before, event, 'pre-training, ');
      if (event.kind === 'step' && event.progress.step === event.progress.steps) before.clear();
    },
  };
}
