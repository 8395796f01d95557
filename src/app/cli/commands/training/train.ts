import { z } from 'zod';
import { AbortError } from '../../../../foundation/errors/abort-error.ts';
import { TrainingError } from '../../../../foundation/errors/training-error.ts';
import { exists } from '../../../../foundation/files/exists.ts';
import type { TrainingChoices } from '../../../../training/configuration/training-choices.ts';
import { featuresWork } from '../../../../training/features/features-work.ts';
import { runFolder } from '../../../../training/loop/run-folder.ts';
import { choosingWork } from '../../../../training/start/choosing/choosing-work.ts';
import type { TrainingMaterial } from '../../../runs/training-material.ts';
import { defineCommand } from '../../command.ts';
import { addressedBackbone, type BackboneFile, backboneFromHub, weightsFile } from '../../input/from-hub.ts';
import { noteDivision, warnOfPassedOver } from '../../input/load-images.ts';
import { trainingImages } from '../../input/training-images.ts';
import { givenPictureLimits } from '../../options/picture-limit-options.ts';
import { backboneChoices } from '../../options/training/backbone-options.ts';
import { trainInput, trainOptions } from '../../options/training/train-options.ts';
import { inFlags } from '../../output/in-flags.ts';
import { nextCommand } from '../../output/next-command.ts';
import { type StoppedRun, stoppedAfterStep, stoppedBeforeSteps } from '../../output/training/stopped-run-line.ts';
import { namedUnreadable, trainedDocument, trainedLines } from '../../output/training/trained-lines.ts';
import { watchTraining } from '../../output/training/watch-training.ts';
import { weightsLines } from '../../output/training/weights-lines.ts';
import { sayUnreadable } from '../../output/unreadable-images.ts';

const trainInputSchema = z.object({ images: z.string().optional() }).and(trainInput);
type TrainInput = z.infer<typeof trainInputSchema>;

/** `lookalike train` */
export const trainCommand = defineCommand({
  name: 'train',
  group: 'Make a model',
  summary: 'learn from pictures which ones look alike',
  details:
    'Learns an embedding by deep ranking from a folder of class folders, a CSV with labels, IDX files, or a CSV of triplets ' +
    '(query, positive, negative). Everything goes into one folder: config.json, log.jsonl, checkpoint.safetensors and, at ' +
    'the end, model.onnx and report.html. Ctrl-C saves and stops; --resume goes on as if it had never stopped. ' +
    'Without a choice of network, loss or steps it goes on from a pretrained network (--backbone, or the packaged model), and ' +
    'folds of the pictures choose what stands behind it (--preset auto). ' +
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
    'lookalike train pictures/ -o run --expect new-classes --time 2m',
    'lookalike train -o run --resume',
    'lookalike train triplets.csv -o run --epochs 10',
    'lookalike train pictures/ --loss hinge --miner distance-weighted --cross-batch-memory 2000',
    'lookalike train pictures/ --preset article --memory 4GB',
    'lookalike train pictures/ --backbone resnet18 --size 224 --weights resnet18.safetensors',
    'lookalike train pictures/ --preset paper --pretrain-epochs 10',
    'lookalike train pictures/ --backbone resnet.onnx',
    'lookalike train pictures/ --backbone dinov2-small',
  ],
  stopsItself: true,
  input: trainInputSchema,
  async run(input, terminal) {
    const { loadTrainingMaterial } = await import('../../../runs/training-material.ts');
    const { trainRun } = await import('../../../runs/train-run.ts');
    const { output, resume, offline, weights } = input;
    const typed = input.backbone;
    const address = typeof typed === 'object' && 'address' in typed ? typed.address : undefined;
    const unfetched = typeof typed === 'object' && 'address' in typed ? addressedBackbone(typed.address) : typed;
    // Wrong options and pictures that are not there are said before anything is fetched.
    const checked = givenBackbone(input, unfetched);
    const images = await trainingImages(input.images, output, resume);
    const material = await loadTrainingMaterial(images);
    const { checkpoint, model } = runFolder(output);
    const beginsAgain = resume && !(await exists(checkpoint)) && !(await exists(model));
    noteDivision(terminal, images, material.dataset.division);
    warnOfPassedOver(terminal, material.dataset);
    const chosen =
      address === undefined || resume
        ? checked
        : givenBackbone(input, await backboneFromHub(address, terminal, offline));
    const watch = watchTraining(terminal);
    let [begun, features] = [resume, false];
    const stopped = (): StoppedRun => ({ reason: terminal.signal.reason, images, output });
    const result = await trainRun({
      material,
      folder: output,
      choices: {
        ...input.choices,
        ...chosen,
        ...(weights === undefined ? {} : { weights: await weightsFile(weights, terminal, offline) }),
      },
      resume,
      pictureLimits: givenPictureLimits(input),
      cacheBytes: input.cache,
      diskCacheBytes: input.diskCache,
      keptPixels: input.keepPixels,
      featureCache: input.featureCache === undefined ? undefined : { folder: input.featureCache },
      memoryBytes: input.memory,
      wording: inFlags,
      signal: terminal.signal,
      onProgress: (now) => {
        features ||= now.work === featuresWork || now.work === choosingWork;
        terminal.showProgress(now);
      },
      onPlan: (plan, run) => {
        begun = true;
        terminal.clear();
        if (beginsAgain) terminal.note(`the run in '${output}' has no checkpoint yet: it begins again`);
        watch.plan(plan, run);
        sayUnreadable(terminal, plan.data.unreadable.map(namedUnreadable));
      },
      onWeights: (loaded) => {
        for (const line of weightsLines(loaded)) terminal.remark(line);
      },
      onPretraining: watch.pretraining,
      onEvent: watch.event,
    }).catch((error: unknown) => {
      if (!(error instanceof AbortError)) throw error;
      throw new TrainingError(stoppedBeforeSteps(stopped(), begun, features), { cause: error });
    });
    terminal.clear();
    const { outcome, run, pretraining } = result;
    if (!result.finished) {
      throw new TrainingError(stoppedAfterStep(stopped(), outcome, pretraining?.outcome.ended === 'interrupted'));
    }
    for (const line of trainedLines(result)) terminal.say(line);
    terminal.remark(nextStep(images, material, run.model));
    return trainedDocument(result);
  },
});

/** What the options say of the backbone. A run that is resumed knows it itself. */
function givenBackbone(
  { cut, cutChannels, freeze, normalize, layout, channels }: TrainInput,
  backbone: TrainingChoices['backbone'] | BackboneFile,
) {
  return backboneChoices({ backbone, cut, cutChannels, freeze, normalize, layout, channels });
}

/** What to do with a model: fill a store with its images, or, where these are not named by a folder, compare two of them. */
function nextStep(images: string, { dataset, triplets }: TrainingMaterial, model: string): string {
  if (triplets === undefined) return nextCommand('index', images, '--model', model);
  const [first, second = first] = dataset.images.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : []));
  return nextCommand('compare', first, second, '--model', model);
}
