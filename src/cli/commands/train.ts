import { z } from 'zod';
import { ownBackbones } from '../../networks/network-config.ts';
import { calibrationLine } from '../../report/calibration-line.ts';
import { backboneChoices, backboneInput, backboneName, backboneOptions } from '../backbone-options.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../counted.ts';
import { definedOnly } from '../defined-only.ts';
import { errorLine } from '../error-line.ts';
import { findingsLines } from '../findings-lines.ts';
import { warnOfPassedOver } from '../load-images.ts';
import { lossInput, lossOptions } from '../loss-options.ts';
import { measuresTable } from '../measures-table.ts';
import { byteCount, numberFrom, oneOf, shareOf, wholeNumber } from '../option-values.ts';
import { pretrainingDocument, pretrainingLine } from '../pretraining-line.ts';
import { samplerInput, samplerOptions } from '../sampler-options.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { startInput, startOptions } from '../start-options.ts';
import { sayUnreadable } from '../unreadable-images.ts';
import { watchTraining } from '../watch-training.ts';
import { weightsDocument, weightsLines } from '../weights-lines.ts';

const positive = numberFrom(0).refine((value) => value > 0, 'must be a number above 0');

/** `lookalike train` */
export const trainCommand = defineCommand({
  name: 'train',
  group: 'Make a model',
  summary: 'learn from pictures which ones look alike',
  details:
    'Learns an embedding by deep ranking from a folder of class folders, a CSV with labels, IDX files, or a CSV of triplets ' +
    '(query, positive, negative). Everything goes into one folder: config.json, log.jsonl, checkpoint.safetensors and, at ' +
    'the end, model.onnx and report.html. Ctrl-C saves and stops; --resume goes on as if it had never stopped. ' +
    'An option that is left out is what the preset says.',
  arguments: [
    { name: 'images', description: 'a folder of class folders, a CSV with labels or triplets, or IDX files' },
  ],
  options: [
    { flags: '-o, --output <folder>', description: 'where the run goes', default: 'run' },
    {
      flags: '--preset <name>',
      description:
        'small (minutes on a laptop), contour (small and oriented gradients: for shapes), article (VGG16, 224 x 224) or paper (AlexNet, 225 x 225)',
      default: 'small',
    },
    { flags: '--resume', description: 'go on with the run in the output folder; its own configuration counts' },
    { flags: '--seed <n>', description: 'decides everything that is random', default: '0' },
    {
      flags: '--backbone <name>',
      description: `${ownBackbones.join(', ')}, or an ONNX file of any network (with --cut)`,
    },
    ...startOptions,
    ...backboneOptions,
    { flags: '--size <pixels>', description: 'pictures are brought to this many pixels a side' },
    {
      flags: '--paths <kind>',
      description: "low-resolution paths: subsampled (the paper's), strided (the article's), none",
    },
    { flags: '--dimension <n>', description: 'length of the embedding' },
    {
      flags: '--hog',
      description:
        'a second part of the embedding, of histograms of oriented gradients: for pictures that are alike by shape',
    },
    ...lossOptions,
    ...samplerOptions,
    { flags: '--rows <n>', description: 'images through the network a step' },
    { flags: '--images-per-class <n>', description: 'images of each class in a batch of classes' },
    { flags: '--epochs <n>', description: 'times through the images' },
    { flags: '--steps <n>', description: 'steps, instead of epochs' },
    { flags: '--optimizer <name>', description: 'sgd or adamw' },
    { flags: '--learning-rate <rate>', description: 'its peak' },
    { flags: '--momentum <m>', description: 'momentum of sgd' },
    { flags: '--no-nesterov', description: 'plain momentum' },
    { flags: '--weight-decay <d>', description: "on weights only, as PyTorch counts it: twice the paper's lambda" },
    { flags: '--schedule <kind>', description: 'constant, step (a tenth after each third of the steps) or cosine' },
    { flags: '--warmup <share>', description: 'share of the steps over which the learning rate rises' },
    { flags: '--clip-norm <norm>', description: "largest norm of a step's gradient" },
    { flags: '--augmentation <name>', description: 'none, pixel-shift, article, geometric or full' },
    { flags: '--dropout <share>', description: 'share of elements dropped behind dense layers' },
    { flags: '--no-batch-normalization', description: 'biases instead (small)' },
    {
      flags: '--held-out <share>',
      description: 'share of the classes (of the images below 20 classes, of listed queries) kept to judge by',
      default: '0.1',
    },
    { flags: '--leak-proof', description: 'hold no picture out that looks nearly the same as one that is trained on' },
    { flags: '--evaluate-every <epochs>', description: 'epochs between two evaluations of the held-out part' },
    {
      flags: '--patience <n>',
      description: 'stop after this many evaluations without a better one; the best is the model',
    },
    { flags: '--threads <n>', description: 'threads of the engine', default: '2' },
    { flags: '--memory <size>', description: 'most that a step may take, such as 4GB: less means slices of the batch' },
    { flags: '--cache <size>', description: 'decoded pixels that are remembered in memory', default: '1GB' },
    {
      flags: '--disk-cache <size>',
      description: 'decoded pixels beyond those, on disk until the run is done; 0 decodes them each time',
      default: '10GB',
    },
    { flags: '--keep-pixels <folder>', description: 'keep decoded pixels there for later runs on the same pictures' },
    { flags: '--provider <name>', description: 'cpu, webgpu or cuda', default: 'cpu' },
  ],
  examples: [
    'lookalike train pictures/ -o run',
    'lookalike train pictures/ -o run --resume',
    'lookalike train triplets.csv -o run --epochs 10',
    'lookalike train pictures/ --loss hinge --miner distance-weighted --cross-batch-memory 2000',
    'lookalike train pictures/ --preset article --memory 4GB',
    'lookalike train pictures/ --backbone resnet18 --size 224 --weights resnet18.safetensors',
    'lookalike train pictures/ --preset paper --pretrain-epochs 10',
    'lookalike train pictures/ --backbone resnet.onnx --cut layer4_out --freeze all',
  ],
  stopsItself: true,
  input: z.object({
    images: z.string(),
    output: z.string(),
    preset: oneOf(['small', 'contour', 'article', 'paper']),
    resume: z.boolean().default(false),
    seed: wholeNumber(),
    backbone: backboneName(ownBackbones).optional(),
    ...startInput,
    ...backboneInput,
    size: wholeNumber({ min: 8, max: 4096 }).optional(),
    paths: oneOf(['subsampled', 'strided', 'none']).optional(),
    dimension: wholeNumber({ min: 1, max: 65535 }).optional(),
    hog: z.literal(true).optional(),
    ...lossInput,
    ...samplerInput,
    rows: wholeNumber({ min: 3, max: 65536 }).optional(),
    imagesPerClass: wholeNumber({ min: 2, max: 4096 }).optional(),
    epochs: positive.optional(),
    steps: wholeNumber({ min: 1 }).optional(),
    optimizer: oneOf(['sgd', 'adamw']).optional(),
    learningRate: positive.optional(),
    momentum: shareOf().optional(),
    nesterov: z.boolean().default(true),
    weightDecay: numberFrom(0).optional(),
    schedule: oneOf(['constant', 'step', 'cosine']).optional(),
    warmup: shareOf().optional(),
    clipNorm: positive.optional(),
    augmentation: oneOf(['none', 'pixel-shift', 'article', 'geometric', 'full']).optional(),
    dropout: shareOf()
      .refine((share) => share < 1, 'must be a share below 1')
      .optional(),
    batchNormalization: z.boolean().default(true),
    leakProof: z.boolean().default(false),
    heldOut: shareOf().refine((share) => share <= 0.9, 'must be a share from 0 to 0.9'),
    evaluateEvery: positive.optional(),
    patience: wholeNumber({ min: 1 }).optional(),
    threads: wholeNumber({ min: 1, max: 256 }),
    memory: byteCount().optional(),
    cache: byteCount(),
    diskCache: byteCount(),
    keepPixels: z.string().min(1, 'must name a folder').optional(),
    provider: oneOf(['cpu', 'webgpu', 'cuda']),
  }),
  async run(input, terminal) {
    const { augmentationPresets } = await import('../../images/augmentation.ts');
    const { loadTrainingMaterial } = await import('../../runs/training-material.ts');
    const { trainRun } = await import('../../runs/train-run.ts');
    const { images, output, resume, memory, cache, evaluateEvery, dimension, augmentation, ...rest } = input;
    const { preset, nesterov, batchNormalization, featureCache, diskCache, keepPixels, ...others } = rest;
    const { backbone, cut, freeze, normalize, layout, channels, ...choices } = others;
    // A run that is resumed knows its backbone itself.
    const ofFile = resume ? undefined : featureCache;
    const chosen = backboneChoices({ backbone, cut, freeze, normalize, layout, channels, featureCache: ofFile });
    const material = await loadTrainingMaterial(images);
    warnOfPassedOver(terminal, material.dataset);
    const scan = terminal.progress('looking at pictures', 'images');
    const watch = watchTraining(terminal);
    const result = await trainRun({
      material,
      folder: output,
      choices: {
        preset,
        ...definedOnly(choices),
        ...chosen,
        ...(evaluateEvery === undefined ? {} : { evaluateEveryEpochs: evaluateEvery }),
        ...(dimension === undefined ? {} : { embeddingDimension: dimension }),
        ...(augmentation === undefined ? {} : { augmentation: augmentationPresets[augmentation] }),
        ...(nesterov ? {} : { nesterov }),
        ...(batchNormalization ? {} : { batchNormalization }),
      },
      resume,
      cacheBytes: cache,
      diskCacheBytes: diskCache,
      ...(keepPixels === undefined ? {} : { keptPixels: keepPixels }),
      ...(featureCache === undefined ? {} : { featureCache: { folder: featureCache } }),
      ...(memory === undefined ? {} : { memoryBytes: memory }),
      signal: terminal.signal,
      onScan: (done, total) => scan.update(done, total),
      onPlan: (plan, run) => {
        scan.clear();
        watch.plan(plan, run);
        sayUnreadable(terminal, plan.data.unreadable.map(named));
      },
      onFeatures: watch.features,
      onWeights: (loaded) => {
        for (const line of weightsLines(loaded)) terminal.say(line);
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
      terminal.say(`on what was kept from training, after step ${outcome.weightsStep}:`);
      for (const line of measuresTable({ name: 'model', measures: evaluation.measures }, [])) terminal.say(line);
    }
    if (result.calibration !== undefined) terminal.say(calibrationLine(result.calibration));
    for (const line of findingsLines(result.findings)) terminal.say(line);
    terminal.say(`model: ${run.model}`);
    terminal.say(`report: ${run.report}`);
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
      ...(result.weights === undefined ? {} : { weights: weightsDocument(result.weights) }),
      ...(pretraining === undefined ? {} : { pretraining: pretrainingDocument(pretraining) }),
      calibration: result.calibration,
      findings: result.findings.map((finding) => ({ ...finding })),
      withoutClass: result.withoutClass,
      negativesOnly: result.negativesOnly,
      tripletsLeftOut: result.tripletsLeftOut,
      unreadable: result.unreadable.map(named),
    };
  },
});

function named({ id, reason }: { readonly id: string; readonly reason: string }) {
  return { id, reason: `cannot read the image '${id}': ${reason}` };
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
