import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { counted } from '../counted.ts';
import { definedOnly } from '../defined-only.ts';
import { errorLine } from '../error-line.ts';
import { lossInput, lossOptions } from '../loss-options.ts';
import { measuresTable } from '../measures-table.ts';
import { byteCount, numberFrom, oneOf, shareOf, wholeNumber } from '../option-values.ts';
import { samplerInput, samplerOptions } from '../sampler-options.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { sayUnreadable } from '../unreadable-images.ts';
import { watchTraining } from '../watch-training.ts';

const positive = numberFrom(0).refine((value) => value > 0, 'must be a number above 0');

/** `lookalike train` */
export const trainCommand = defineCommand({
  name: 'train',
  summary: 'learn from pictures which ones look alike',
  details:
    'Learns an embedding by deep ranking from a folder of class folders, a CSV with labels, IDX files, or a CSV of triplets\n' +
    '(query, positive, negative). Everything goes into one folder: config.json, log.jsonl, checkpoint.safetensors and, at\n' +
    'the end, model.onnx and report.html. Ctrl-C saves and stops; --resume goes on as if it had never stopped.\n' +
    'An option that is left out is what the preset says.',
  arguments: [
    { name: 'images', description: 'a folder of class folders, a CSV with labels or triplets, or IDX files' },
  ],
  options: [
    { flags: '-o, --output <folder>', description: 'where the run goes', default: 'run' },
    {
      flags: '--preset <name>',
      description: 'small (minutes on a laptop) or article (VGG16, 224 x 224)',
      default: 'small',
    },
    { flags: '--resume', description: 'go on with the run in the output folder; its own configuration counts' },
    { flags: '--seed <n>', description: 'decides everything that is random', default: '0' },
    { flags: '--backbone <name>', description: 'small or vgg16' },
    { flags: '--size <pixels>', description: 'pictures are brought to this many pixels a side' },
    {
      flags: '--paths <kind>',
      description: "low-resolution paths: subsampled (the paper's), strided (the article's), none",
    },
    { flags: '--dimension <n>', description: 'length of the embedding' },
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
    { flags: '--evaluate-every <epochs>', description: 'epochs between two evaluations of the held-out part' },
    {
      flags: '--patience <n>',
      description: 'stop after this many evaluations without a better one; the best is the model',
    },
    { flags: '--threads <n>', description: 'threads of the engine', default: '2' },
    { flags: '--memory <size>', description: 'most that a step may take, such as 4GB: less means slices of the batch' },
    { flags: '--cache <size>', description: 'decoded pixels that are remembered', default: '1GB' },
    { flags: '--provider <name>', description: 'cpu, webgpu or cuda', default: 'cpu' },
  ],
  examples: [
    'lookalike train pictures/ -o run',
    'lookalike train pictures/ -o run --resume',
    'lookalike train triplets.csv -o run --epochs 10',
    'lookalike train pictures/ --loss hinge --miner distance-weighted --cross-batch-memory 2000',
    'lookalike train pictures/ --preset article --memory 4GB',
  ],
  stopsItself: true,
  input: z.object({
    images: z.string(),
    output: z.string(),
    preset: oneOf(['small', 'article']),
    resume: z.boolean().default(false),
    seed: wholeNumber(),
    backbone: oneOf(['small', 'vgg16']).optional(),
    size: wholeNumber({ min: 8, max: 4096 }).optional(),
    paths: oneOf(['subsampled', 'strided', 'none']).optional(),
    dimension: wholeNumber({ min: 1, max: 65535 }).optional(),
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
    heldOut: shareOf().refine((share) => share <= 0.9, 'must be a share from 0 to 0.9'),
    evaluateEvery: positive.optional(),
    patience: wholeNumber({ min: 1 }).optional(),
    threads: wholeNumber({ min: 1, max: 256 }),
    memory: byteCount().optional(),
    cache: byteCount(),
    provider: oneOf(['cpu', 'webgpu', 'cuda']),
  }),
  async run(input, terminal) {
    const { augmentationPresets } = await import('../../images/augmentation.ts');
    const { loadTrainingMaterial } = await import('../../runs/training-material.ts');
    const { trainRun } = await import('../../runs/train-run.ts');
    const { images, output, resume, memory, cache, evaluateEvery, dimension, augmentation, ...rest } = input;
    const { preset, nesterov, batchNormalization, ...choices } = rest;
    const material = await loadTrainingMaterial(images);
    const scan = terminal.progress('looking at pictures', 'images');
    const watch = watchTraining(terminal);
    const result = await trainRun({
      material,
      folder: output,
      choices: {
        preset,
        ...definedOnly(choices),
        ...(evaluateEvery === undefined ? {} : { evaluateEveryEpochs: evaluateEvery }),
        ...(dimension === undefined ? {} : { embeddingDimension: dimension }),
        ...(augmentation === undefined ? {} : { augmentation: augmentationPresets[augmentation] }),
        ...(nesterov ? {} : { nesterov }),
        ...(batchNormalization ? {} : { batchNormalization }),
      },
      resume,
      cacheBytes: cache,
      ...(memory === undefined ? {} : { memoryBytes: memory }),
      signal: terminal.signal,
      onScan: (done, total) => scan.update(done, total),
      onPlan: (plan, run) => {
        scan.clear();
        watch.plan(plan, run);
        sayUnreadable(terminal, plan.data.unreadable.map(named));
      },
      onEvent: watch.event,
    });
    terminal.clear();
    const { outcome, run, evaluation } = result;
    if (!result.finished) {
      throw new Error(
        `${errorLine(terminal.signal.reason)} after step ${outcome.step}, which is saved; go on with: lookalike train ${shellQuoted(images)} -o ${shellQuoted(output)} --resume`,
      );
    }
    terminal.say(
      `${outcome.ended === 'stopped-early' ? 'stopped early' : 'done'}: ${counted(outcome.step, 'step')}, ${outcome.images} images through the network, ${outcome.seconds.toFixed(1)} s`,
    );
    if (evaluation !== undefined) {
      terminal.say(`on what was kept from training, after step ${outcome.weightsStep}:`);
      for (const line of measuresTable({ name: 'model', measures: evaluation.measures }, [])) terminal.say(line);
    }
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
      parameters: outcome.parameterCount,
      evaluation,
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
