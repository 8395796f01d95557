import { z } from 'zod';
import { counted } from '../../../foundation/text/counted.ts';
import type { TrainingChoices } from '../../../training/configuration/training-choices.ts';
import { calibrationLine } from '../../pages/calibration-line.ts';
import { judgedOf, judgedText } from '../../pages/judged-text.ts';
import type { TrainingMaterial } from '../../runs/training-material.ts';
import { defineCommand } from '../command.ts';
import { addressedBackbone, type BackboneFile, backboneFromHub, weightsFile } from '../input/from-hub.ts';
import { warnOfPassedOver } from '../input/load-images.ts';
import { trainingImages } from '../input/training-images.ts';
import { backboneChoices } from '../options/backbone-options.ts';
import { definedOnly } from '../options/defined-only.ts';
import { givenPictureLimits } from '../options/picture-limit-options.ts';
import { trainInput, trainOptions } from '../options/train-options.ts';
import { errorLine } from '../output/error-line.ts';
import { findingsLines, inFlagsAll } from '../output/findings-lines.ts';
import { inFlags } from '../output/in-flags.ts';
import { measuresTable } from '../output/measures-table.ts';
import { nextCommand } from '../output/next-command.ts';
import { pretrainingDocument, pretrainingLine } from '../output/pretraining-line.ts';
import { shellQuoted } from '../output/shell-quoted.ts';
import { sayUnreadable } from '../output/unreadable-images.ts';
import { watchTraining } from '../output/watch-training.ts';
import { weightsDocument, weightsLines } from '../output/weights-lines.ts';

/** `lookalike train` */
export const trainCommand = defineCommand({
  name: 'train',
  group: 'Make a model',
  summary: 'learn from pictures which ones look alike',
  details:
    'Learns an embedding by deep ranking from a folder of class folders, a CSV with labels, IDX files, or a CSV of triplets ' +
    '(query, positive, negative). Everything goes into one folder: config.json, log.jsonl, checkpoint.safetensors and, at ' +
    'the end, model.onnx and report.html. Ctrl-C saves and stops; --resume goes on as if it had never stopped. ' +
    'An option that is left out is what the preset says; values in brackets are those of the presets.',
  arguments: [
    {
      name: 'images',
      optional: true,
      description: 'a folder of class folders, a CSV with labels or triplets, or IDX files',
    },
  ],
  options: trainOptions,
  examples: [
    'lookalike train pictures/ -o run',
    'lookalike train -o run --resume',
    'lookalike train triplets.csv -o run --epochs 10',
    'lookalike train pictures/ --loss hinge --miner distance-weighted --cross-batch-memory 2000',
    'lookalike train pictures/ --preset article --memory 4GB',
    'lookalike train pictures/ --backbone resnet18 --size 224 --weights resnet18.safetensors',
    'lookalike train pictures/ --preset paper --pretrain-epochs 10',
    'lookalike train pictures/ --backbone resnet.onnx --cut layer4_out --freeze all',
    'lookalike train pictures/ --backbone dinov2-small',
  ],
  stopsItself: true,
  input: z.object({ images: z.string().optional(), ...trainInput }),
  async run(input, terminal) {
    const { augmentationPresets } = await import('../../../pictures/augmentation/augmentation.ts');
    const { loadTrainingMaterial } = await import('../../runs/training-material.ts');
    const { trainRun } = await import('../../runs/train-run.ts');
    const {
      images: givenImages,
      output,
      resume,
      memory,
      cache,
      evaluateEvery,
      dimension,
      augmentation,
      maxPixels,
      maxSide,
      pictureTime,
      ...rest
    } = input;
    const { nesterov, batchNormalization, featureCache, diskCache, keepPixels, ...others } = rest;
    const {
      backbone: typed,
      cut,
      cutChannels,
      freeze,
      normalize,
      layout,
      channels,
      offline,
      weights,
      ...choices
    } = others;
    // A run that is resumed knows its backbone itself.
    const ofFile = resume ? undefined : featureCache;
    const choose = (backbone: TrainingChoices['backbone'] | BackboneFile) =>
      backboneChoices({ backbone, cut, cutChannels, freeze, normalize, layout, channels, featureCache: ofFile });
    const address = typeof typed === 'object' && 'address' in typed ? typed.address : undefined;
    const unfetched = typeof typed === 'object' && 'address' in typed ? addressedBackbone(typed.address) : typed;
    // Wrong options and pictures that are not there are said before anything is fetched.
    const checked = choose(unfetched);
    const images = await trainingImages(givenImages, output, resume);
    const material = await loadTrainingMaterial(images);
    warnOfPassedOver(terminal, material.dataset);
    const chosen =
      address === undefined || resume ? checked : choose(await backboneFromHub(address, terminal, offline));
    const scan = terminal.progress('looking at pictures', 'images');
    const watch = watchTraining(terminal);
    const result = await trainRun({
      material,
      folder: output,
      choices: {
        ...definedOnly(choices),
        ...chosen,
        ...(weights === undefined ? {} : { weights: await weightsFile(weights, terminal, offline) }),
        ...(evaluateEvery === undefined ? {} : { evaluateEveryEpochs: evaluateEvery }),
        ...(dimension === undefined ? {} : { embeddingDimension: dimension }),
        ...(augmentation === undefined ? {} : { augmentation: augmentationPresets[augmentation] }),
        ...(nesterov ? {} : { nesterov }),
        ...(batchNormalization ? {} : { batchNormalization }),
      },
      resume,
      pictureLimits: givenPictureLimits({ maxPixels, maxSide, pictureTime }),
      ...(cache === undefined ? {} : { cacheBytes: cache }),
      ...(diskCache === undefined ? {} : { diskCacheBytes: diskCache }),
      ...(keepPixels === undefined ? {} : { keptPixels: keepPixels }),
      ...(featureCache === undefined ? {} : { featureCache: { folder: featureCache } }),
      ...(memory === undefined ? {} : { memoryBytes: memory }),
      wording: inFlags,
      signal: terminal.signal,
      onScan: (done, total) => scan.update(done, total),
      onPlan: (plan, run) => {
        scan.clear();
        watch.plan(plan, run);
        sayUnreadable(terminal, plan.data.unreadable.map(named));
      },
      onFeatures: watch.features,
      onWeights: (loaded) => {
        for (const line of weightsLines(loaded)) terminal.remark(line);
      },
      onPretraining: watch.pretraining,
      onEvent: watch.event,
    });
    terminal.clear();
    const { outcome, run, evaluation } = result;
    const { pretraining } = result;
    if (!result.finished) {
      const phase = pretraining?.outcome.ended === 'interrupted' ? ' of the pre-training' : '';
      throw new Error(
        `${errorLine(terminal.signal.reason)} after step ${outcome.step}${phase}, which is saved; go on with: lookalike train ${shellQuoted(images)} -o ${shellQuoted(output)} --resume`,
      );
    }
    terminal.say(
      `${outcome.ended === 'stopped-early' ? 'stopped early' : 'done'}: ${counted(outcome.step, 'step')}, ${outcome.images} images through the network, ${outcome.seconds.toFixed(1)} s${rates(outcome)}`,
    );
    if (pretraining !== undefined) terminal.say(pretrainingLine(pretraining));
    if (evaluation !== undefined) {
      terminal.say(`kept: the state after step ${outcome.weightsStep} of ${outcome.step}${weightsNote(outcome)}`);
      terminal.say(`on ${judgedText(evaluation)}`);
      const judged = { name: 'model', measures: evaluation.measures };
      for (const line of measuresTable(judged, result.baselines)) terminal.say(line);
    }
    if (result.calibration !== undefined) terminal.say(calibrationLine(result.calibration));
    for (const line of findingsLines(result.findings)) terminal.say(line);
    terminal.say(`model: ${run.model}`);
    terminal.say(`report: ${run.report}`);
    terminal.remark(nextStep(images, material, run.model));
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
      evaluation,
      judged: evaluation === undefined ? undefined : judgedOf(evaluation),
      baselines: result.baselines.map(({ name, measures }) => ({ name, measures: { ...measures } })),
      ...(result.weights === undefined ? {} : { weights: weightsDocument(result.weights) }),
      ...(pretraining === undefined ? {} : { pretraining: pretrainingDocument(pretraining) }),
      calibration: result.calibration,
      findings: inFlagsAll(result.findings).map((finding) => ({ ...finding })),
      withoutClass: result.withoutClass,
      negativesOnly: result.negativesOnly,
      tripletsLeftOut: result.tripletsLeftOut,
      unreadable: result.unreadable.map(named),
    };
  },
});

/** Which state is kept, and why. */
function weightsNote({ weightsStep, step }: { readonly weightsStep: number; readonly step: number }): string {
  return weightsStep === step ? '' : ', the best that was judged';
}

function named({ id, reason }: { readonly id: string; readonly reason: string }) {
  return { id, reason: `cannot read the image '${id}': ${reason}` };
}

/** What to do with a model: fill a store with its images, or, where these are not named by a folder, compare two of them. */
function nextStep(images: string, { dataset, triplets }: TrainingMaterial, model: string): string {
  if (triplets === undefined) return nextCommand('index', images, '--model', model);
  const [first, second = first] = dataset.images.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : []));
  return nextCommand('compare', first, second, '--model', model);
}

/** How many images a second went through, and how many the loader could have brought. */
function rates({ images, seconds, loaderImagesPerSecond: loader }: Rates): string {
  if (loader === undefined || seconds === 0) return '';
  return ` (${(images / seconds).toFixed(0)} images/s; loading them alone: ${loader.toFixed(0)} images/s)`;
}

interface Rates {
  readonly images: number;
  readonly seconds: number;
  readonly loaderImagesPerSecond: number | undefined;
}
