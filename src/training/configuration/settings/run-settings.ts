import { z } from 'zod';
import { decodings, fits } from '../../../pictures/preparation/preprocessing-rule.ts';
import { presetNames } from '../presets.ts';
import { expectations } from '../start-config.ts';
import { trainingDefaults } from '../training-defaults.ts';
import { defineSetting } from './define-setting.ts';
import { epochsLike } from './epochs-like.ts';

const positive = z.number().positive();

/** What everybody decides: the preset, the size of pictures, the length of the run, what it is evaluated on. */
export const runSettings = {
  /**
   * Default: `auto`; or `small`, as soon as something is chosen that `auto` decides itself, or triplets were listed; see
   * `presetOf`.
   */
  preset: defineSetting({
    schema: z.enum(presetNames),
    usual: trainingDefaults.preset,
    auto: true,
    option: {
      group: 'Everyday',
      value: 'name',
      help: 'auto (a pretrained network, chosen and judged by folds of your pictures; small as soon as anything below is chosen that it decides), small (minutes on a laptop), contour (small and oriented gradients: for shapes), article (VGG16, 224 x 224) or paper (AlexNet, 225 x 225)',
    },
    startedWith: ({ preset }) => preset,
  }),
  /** Of `auto`: what is going to be searched for. Default: both. */
  expect: defineSetting({
    schema: z.enum(expectations),
    usual: 'both',
    auto: true,
    option: {
      group: 'Everyday',
      value: 'what',
      valuesElsewhere: { new: 'new-classes', known: 'known-classes' },
      help: 'auto: what will be searched for, new-classes, known-classes or both, by which the start is chosen',
    },
    startedWith: ({ start }) => start?.expect ?? 'none',
  }),
  /** Of `auto`: seconds that choosing may take, the features of pictures not counted. Default: 300. */
  seconds: defineSetting({
    schema: positive.max(1_000_000),
    usual: `${trainingDefaults.startSeconds / 60}m`,
    auto: true,
    option: {
      group: 'Everyday',
      name: 'time',
      value: 'duration',
      elsewhere: ['max-time', 'time-limit', 'budget'],
      help: 'auto: how long choosing may take, such as 5m, the features of pictures not counted',
    },
    // How long choosing may take is no part of what was chosen.
    startedWith: (_config, given) => given,
  }),
  /** Pixels a side. */
  size: defineSetting({
    schema: z.int().min(8).max(4096),
    byPreset: ({ size }) => size,
    option: {
      group: 'Everyday',
      value: 'pixels',
      elsewhere: ['image-size', 'img-size', 'imgsz', 'input-size', 'resolution'],
      help: 'pictures are brought to this many pixels a side',
    },
    startedWith: ({ network }) => network.width,
  }),
  /** What becomes of the aspect of pictures. Default: `stretch`. */
  fit: defineSetting({
    schema: z.enum(fits),
    usual: 'stretch',
    auto: true,
    option: {
      group: 'Everyday',
      value: 'how',
      elsewhere: ['resize-mode', 'crop-mode', 'aspect-ratio', 'letterbox'],
      valuesElsewhere: {
        squash: 'stretch',
        fill: 'stretch',
        pad: 'contain',
        letterbox: 'contain',
        crop: 'cover',
      },
      help: 'what becomes of the aspect of pictures: stretch (each side to size), contain (the whole picture, on white) or cover (its middle)',
    },
    startedWith: ({ preprocessing }) => preprocessing.fit,
  }),
  /** How JPEG files much larger than `size` are decoded. Default: `exact`. */
  decode: defineSetting({
    schema: z.enum(decodings),
    usual: 'exact',
    auto: true,
    option: {
      group: 'Everyday',
      value: 'how',
      elsewhere: ['draft', 'shrink-on-load'],
      help: 'how JPEG files much larger than size are decoded: exact (whole) or scaled (by their decoder, several times as fast)',
    },
    startedWith: ({ preprocessing }) => preprocessing.decode ?? 'exact',
  }),
  /** Times through the images. Default: the preset's. */
  epochs: defineSetting({
    schema: positive.max(1_000_000),
    byPreset: ({ epochs }) => epochs,
    option: {
      group: 'Everyday',
      value: 'n',
      elsewhere: ['num-epochs', 'n-epochs'],
      help: 'times through the images',
    },
    startedWith: (config, given) => epochsLike(config, config.steps, given),
  }),
  /** Instead of epochs. */
  steps: defineSetting({
    schema: z.int().min(1).max(1_000_000_000),
    option: {
      group: 'Everyday',
      value: 'n',
      elsewhere: ['max-steps', 'iterations', 'iters'],
      help: 'steps, instead of epochs',
    },
    startedWith: ({ steps }) => steps,
  }),
  /**
   * Share of the classes kept from training to judge it; of the images, where there are fewer than 10 classes; of the
   * queries, where triplets were listed; 0 for none. Default: 0.1.
   */
  heldOut: defineSetting({
    schema: z.number().min(0).max(0.9),
    usual: trainingDefaults.heldOut,
    option: {
      group: 'Everyday',
      value: 'share',
      aliases: ['val-split'],
      elsewhere: ['validation-split', 'val-size', 'test-size', 'holdout'],
      help: 'share of the classes (of the images below 10 classes, of listed queries) kept to judge by',
    },
    startedWith: ({ heldOut }) => heldOut.share,
  }),
  /** Hold nothing out that looks the same as a trained picture or nearly so. Default: false. Not with listed triplets. */
  leakProof: defineSetting({
    schema: z.boolean(),
    option: { group: 'Everyday', help: 'hold no picture out that looks nearly the same as one that is trained on' },
    startedWith: ({ heldOut }) => heldOut.leakProof ?? false,
  }),
  /** Epochs between two evaluations of the held-out part. Default: ten evaluations a run, or fewer where much is held out. */
  evaluateEveryEpochs: defineSetting({
    schema: positive,
    option: {
      group: 'Everyday',
      name: 'evaluate-every',
      value: 'epochs',
      elsewhere: ['eval-every', 'eval-interval'],
      help: 'epochs between two evaluations of the held-out part',
    },
    startedWith: (config, given) => epochsLike(config, config.evaluateEvery, given),
  }),
};
