import { z } from 'zod';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import { augmentationNames, augmentationPresets } from '../../../pictures/augmentation/augmentation.ts';
import { backboneNames } from '../../../ranking/networks/backbone-table.ts';
import { networkConfigSchema } from '../../../ranking/networks/network-config.ts';
import type { OptimizerOption } from '../../../ranking/optimizers/define-optimizer.ts';
import { scheduleNames, scheduleWords } from '../../../ranking/optimizers/learning-rate-schedule.ts';
import { optimizerNames, optimizerTable } from '../../../ranking/optimizers/optimizer-table.ts';
import { presetNames } from '../../../training/configuration/presets.ts';
import { expectations } from '../../../training/configuration/start-config.ts';
import { rowsOf, trainingConfigSchema } from '../../../training/configuration/training-config.ts';
import { trainingDefaults } from '../../../training/configuration/training-defaults.ts';
import { inGroup, type OptionDefinition } from '../command.ts';
import { backboneInput, backboneName, backboneOptions } from './backbone-options.ts';
import { lossInput, lossOptions } from './loss-options.ts';
import { byteCount, duration, numberFrom, oneOf, shareOf, wholeNumber } from './option-values.ts';
import { pictureLimitInput, pictureLimitOptions } from './picture-limit-options.ts';
import { presetDefaults } from './preset-defaults.ts';
import { samplerInput, samplerOptions } from './sampler-options.ts';
import { startInput, startOptions } from './start-options.ts';

const pathKinds = networkConfigSchema.shape.paths.options;
const providerNames = trainingConfigSchema.shape.engine.shape.provider.options;

/**
 * The default of a choice, for the end of its description. It is the library's: the command passes on only what was typed, so that
 * a resumed run can tell another choice from none.
 */
function byDefault(name: keyof typeof trainingDefaults): string {
  const value = trainingDefaults[name];
  return ` (default: ${name.endsWith('Bytes') ? `${Number(value) / 1e9}GB` : value})`;
}

const everyday: readonly OptionDefinition[] = [
  {
    flags: '-o, --output <folder>',
    elsewhere: ['--out', '--out-dir', '--output-dir', '--save-dir', '--run'],
    description: 'where the run goes',
    default: 'run',
  },
  {
    flags: '--preset <name>',
    description: `auto (a pretrained network, chosen and judged by folds of your pictures; small as soon as anything below is chosen that it decides), small (minutes on a laptop), contour (small and oriented gradients: for shapes), article (VGG16, 224 x 224) or paper (AlexNet, 225 x 225)${byDefault('preset')}`,
  },
  {
    flags: '--expect <what>',
    description:
      'auto: what will be searched for, new-classes, known-classes or both, by which the start is chosen (default: both)',
  },
  {
    flags: '--time <duration>',
    elsewhere: ['--max-time', '--time-limit', '--budget'],
    description: 'auto: how long choosing may take, such as 5m, the features of pictures not counted (default: 5m)',
  },
  {
    flags: '--resume',
    elsewhere: ['--continue'],
    description:
      'go on with the run in the output folder; its own configuration counts, and its pictures if none are given',
  },
  { flags: '--seed <n>', description: `decides everything that is random${byDefault('seed')}` },
  {
    flags: '--size <pixels>',
    elsewhere: ['--image-size', '--img-size', '--imgsz', '--input-size', '--resolution'],
    description: `pictures are brought to this many pixels a side${presetDefaults(({ size }) => size)}`,
  },
  {
    flags: '--epochs <n>',
    elsewhere: ['--num-epochs', '--n-epochs'],
    description: `times through the images${presetDefaults(({ epochs }) => epochs)}`,
  },
  {
    flags: '--steps <n>',
    elsewhere: ['--max-steps', '--iterations', '--iters'],
    description: 'steps, instead of epochs',
  },
  {
    flags: '--held-out <share>',
    aliases: ['--val-split'],
    elsewhere: ['--validation-split', '--val-size', '--test-size', '--holdout'],
    description: `share of the classes (of the images below 10 classes, of listed queries) kept to judge by${byDefault('heldOut')}`,
  },
  { flags: '--leak-proof', description: 'hold no picture out that looks nearly the same as one that is trained on' },
  {
    flags: '--evaluate-every <epochs>',
    elsewhere: ['--eval-every', '--eval-interval'],
    description: 'epochs between two evaluations of the held-out part',
  },
  {
    flags: '--patience <n>',
    elsewhere: ['--early-stopping'],
    description: 'stop after this many evaluations without a better one; the best is the model',
  },
];

const network: readonly OptionDefinition[] = [
  {
    flags: '--backbone <name>',
    elsewhere: ['--arch', '--architecture', '--network'],
    description: `${backboneNames.join(', ')}, packaged (the model that comes along), a pretrained network by name (lookalike backbones), or an ONNX file of any network${presetDefaults(({ network: { backbone } }) => backbone)}`,
  },
  ...startOptions,
  ...backboneOptions.filter(({ flags }) => !flags.startsWith('--feature-cache')),
  {
    flags: '--paths <kind>',
    description: `low-resolution paths: subsampled (the paper's), strided (the article's), none${presetDefaults(({ network: { paths } }) => paths)}`,
  },
  {
    flags: '--dimension <n>',
    elsewhere: ['--dim', '--embedding-dim', '--embedding-size', '--embed-dim'],
    description: `length of the embedding${presetDefaults(({ network: { embeddingDimension } }) => embeddingDimension)}`,
  },
  {
    flags: '--hog',
    description:
      'a second part of the embedding, of histograms of oriented gradients: for pictures that are alike by shape (contour has it)',
  },
  {
    flags: '--dropout <share>',
    description: `share of elements dropped behind dense layers${presetDefaults(({ network: { dropout } }) => dropout)}`,
  },
  { flags: '--no-batch-normalization', description: 'biases instead (small, contour)' },
];

const lossAndSampling: readonly OptionDefinition[] = [
  ...lossOptions,
  ...samplerOptions,
  {
    flags: '--rows <n>',
    elsewhere: ['--batch-size', '--batch', '-b'],
    description: `images through the network a step${presetDefaults(({ batch }) => rowsOf(batch))}`,
  },
  {
    flags: '--images-per-class <n>',
    elsewhere: ['--samples-per-class', '--instances'],
    description: `images of each class in a batch of classes${presetDefaults(({ batch }) => ('imagesPerClass' in batch ? batch.imagesPerClass : undefined))}`,
  },
  {
    flags: '--augmentation <name>',
    elsewhere: ['--augment', '--aug', '--augmentations'],
    description: `${alternatives(augmentationNames)}${presetDefaults(({ augmentation }) => augmentationName(augmentation))}`,
  },
];

/** The optimisers that take an option. */
const withOption = (option: OptimizerOption) =>
  alternatives(optimizerTable.all.filter(({ options }) => options.includes(option)).map(({ name }) => name));

const optimizer: readonly OptionDefinition[] = [
  {
    flags: '--optimizer <name>',
    elsewhere: ['--optimiser', '--optim'],
    description: `${alternatives(optimizerNames)}${presetDefaults(({ optimizer: { kind } }) => kind)}`,
  },
  {
    flags: '--learning-rate <rate>',
    aliases: ['--lr'],
    description: `its peak${presetDefaults(({ learningRate }) => learningRate)}`,
  },
  {
    flags: '--momentum <m>',
    description: `momentum of ${withOption('momentum')}${presetDefaults(({ optimizer: by }) => ('momentum' in by ? by.momentum : undefined))}`,
  },
  {
    flags: '--no-nesterov',
    description: `plain momentum${presetDefaults(({ optimizer: by }) => ('nesterov' in by ? (by.nesterov ? "Nesterov's" : 'plain') : undefined))}`,
  },
  {
    flags: '--weight-decay <d>',
    elsewhere: ['--wd', '--l2'],
    description: `on weights only, as PyTorch counts it: twice the paper's lambda${presetDefaults(({ weightDecay }) => weightDecay)}`,
  },
  {
    flags: '--schedule <kind>',
    elsewhere: ['--scheduler', '--lr-scheduler', '--lr-schedule'],
    description: `${alternatives(scheduleWords)}${presetDefaults(({ schedule }) => schedule.kind)}`,
  },
  {
    flags: '--warmup <share>',
    elsewhere: ['--warmup-ratio', '--warm-up'],
    description: `share of the steps over which the learning rate rises${presetDefaults(({ schedule }) => schedule.warmup)}`,
  },
  {
    flags: '--warmup-steps <n>',
    description: `steps over which it rises at least, but at most half of all; none where --warmup is given${presetDefaults(({ schedule }) => schedule.warmupSteps)}`,
  },
  {
    flags: '--clip-norm <norm>',
    elsewhere: ['--grad-clip', '--gradient-clip', '--max-grad-norm'],
    description: `largest norm of a step's gradient${presetDefaults(({ clipNorm }) => clipNorm ?? 'none')}`,
  },
];

const machine: readonly OptionDefinition[] = [
  {
    flags: '--threads <n>',
    elsewhere: ['--workers', '--num-workers', '--jobs', '-j'],
    description: `threads of the engine${byDefault('threads')}`,
  },
  {
    flags: '--provider <name>',
    elsewhere: ['--device', '--gpu', '--cuda', '--backend'],
    description: `${alternatives(providerNames)}${byDefault('provider')}`,
  },
  { flags: '--memory <size>', description: 'most that a step may take, such as 4GB: less means slices of the batch' },
  { flags: '--cache <size>', description: `decoded pixels that are remembered in memory${byDefault('cacheBytes')}` },
  {
    flags: '--disk-cache <size>',
    description: `decoded pixels beyond those, on disk until the run is done; 0 decodes them each time${byDefault('diskCacheBytes')}`,
  },
  { flags: '--keep-pixels <folder>', description: 'keep decoded pixels there for later runs on the same pictures' },
  ...backboneOptions.filter(({ flags }) => flags.startsWith('--feature-cache')),
  ...pictureLimitOptions,
];

/** The options of `train`, in groups: what is wanted every day first. */
export const trainOptions: readonly OptionDefinition[] = [
  ...inGroup('Everyday', everyday),
  ...inGroup('Network', network),
  ...inGroup('Loss and sampling', lossAndSampling),
  ...inGroup('Optimiser', optimizer),
  ...inGroup('Machine', machine),
];

const positive = numberFrom(0).refine((value) => value > 0, 'must be a number above 0');

/** What machines other programs speak of, in the names of onnxruntime's providers. */
const providersElsewhere = {
  gpu: 'cuda or webgpu',
  nvidia: 'cuda',
  rocm: 'webgpu',
  amd: 'webgpu',
  mps: 'webgpu',
  metal: 'webgpu',
  coreml: 'webgpu',
  dml: 'webgpu',
  directml: 'webgpu',
} as const;

/** What other programs call optimisers. */
const optimizersElsewhere = Object.fromEntries(
  optimizerTable.all.flatMap(({ name, elsewhere = [] }) => elsewhere.map((other) => [other, name])),
);

/** What these options hold. */
export const trainInput = {
  output: z.string(),
  preset: oneOf(presetNames).optional(),
  expect: oneOf(expectations, { new: 'new-classes', known: 'known-classes' }).optional(),
  time: duration().optional(),
  resume: z.boolean().default(false),
  seed: wholeNumber().optional(),
  backbone: backboneName(backboneNames).optional(),
  ...startInput,
  ...backboneInput,
  size: wholeNumber({ min: 8, max: 4096 }).optional(),
  paths: oneOf(pathKinds).optional(),
  dimension: wholeNumber({ min: 1, max: 65535 }).optional(),
  hog: z.literal(true).optional(),
  ...lossInput,
  ...samplerInput,
  rows: wholeNumber({ min: 3, max: 65536 }).optional(),
  imagesPerClass: wholeNumber({ min: 2, max: 4096 }).optional(),
  epochs: positive.optional(),
  steps: wholeNumber({ min: 1 }).optional(),
  optimizer: oneOf(optimizerNames, optimizersElsewhere).optional(),
  learningRate: positive.optional(),
  momentum: shareOf().optional(),
  nesterov: z.boolean().default(true),
  weightDecay: numberFrom(0).optional(),
  schedule: oneOf(scheduleNames).optional(),
  warmup: shareOf().optional(),
  warmupSteps: wholeNumber().optional(),
  clipNorm: positive.optional(),
  augmentation: oneOf(augmentationNames).optional(),
  dropout: shareOf()
    .refine((share) => share < 1, 'must be a share below 1')
    .optional(),
  batchNormalization: z.boolean().default(true),
  leakProof: z.literal(true).optional(),
  heldOut: shareOf()
    .refine((share) => share <= 0.9, 'must be a share from 0 to 0.9')
    .optional(),
  evaluateEvery: positive.optional(),
  patience: wholeNumber({ min: 1 }).optional(),
  threads: wholeNumber({ min: 1, max: 256 }).optional(),
  memory: byteCount().optional(),
  cache: byteCount().optional(),
  diskCache: byteCount().optional(),
  keepPixels: z.string().min(1, 'must name a folder').optional(),
  provider: oneOf(providerNames, providersElsewhere).optional(),
  ...pictureLimitInput,
};

function augmentationName(
  settings: (typeof augmentationPresets)[keyof typeof augmentationPresets],
): string | undefined {
  return Object.entries(augmentationPresets).find(([, known]) => known === settings)?.[0];
}
