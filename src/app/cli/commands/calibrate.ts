import { z } from 'zod';
import { counted } from '../../../foundation/text/counted.ts';
import { percent } from '../../../foundation/text/percent.ts';
import { textTable } from '../../../foundation/text/text-table.ts';
import { defineCommand } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';
import { loadImages } from '../input/load-images.ts';
import { imagesAndModel } from '../input/model-argument.ts';
import { openChosenModel } from '../input/open-model.ts';
import { modelOption, resolveModel } from '../input/resolve-model.ts';
import { engineInput, engineOptions, givenEngine } from '../options/engine-options.ts';
import { oneOf, wholeNumber } from '../options/option-values.ts';
import { sayUnreadable } from '../output/unreadable-images.ts';

/** `lookalike calibrate` */
export const calibrateCommand = defineCommand({
  name: 'calibrate',
  group: 'Judge and improve',
  summary: 'measure what share of pairs at a distance are alike, and write it into a model',
  details:
    'Takes pairs of labelled images that the model was not trained on; alike are pairs of one class. compare and search then ' +
    'say what share of pairs at a distance were alike. It needs at least 100 pairs of one class, of 5 classes or more. ' +
    'The model becomes another file, so stores made with it have to be filled anew; its embeddings stay as they are.',
  arguments: [
    { name: 'images', description: 'a folder of class folders, a CSV with labels, or IDX files' },
    {
      name: 'other',
      optional: true,
      description: 'the model, where it is not given by --model; also before the images',
    },
  ],
  options: [
    modelOption,
    { flags: '-o, --output <file>', description: 'where the calibrated model goes (default: the model itself)' },
    {
      flags: '--classes <which>',
      description: 'all, or one half of the classes, split by the SHA-1 of their names: train (the first) or test',
      default: 'all',
    },
    { flags: '--seed <n>', description: 'decides which pairs are taken where there are too many', default: '0' },
    ...engineOptions,
  ],
  examples: [
    'lookalike calibrate held-out-pictures/ --model run/model.onnx',
    'lookalike calibrate pictures/ --model run/model.onnx --classes test -o calibrated.onnx',
  ],
  input: z.object({
    images: z.string(),
    other: z.string().optional(),
    model: z.string().optional(),
    output: z.string().optional(),
    classes: oneOf(['all', 'train', 'test']),
    seed: wholeNumber(),
    ...engineInput,
  }),
  async run({ images: first, other, model: named, output, classes, seed, ...chosenEngine }, terminal) {
    const { images, model: given } = await imagesAndModel('calibrate', [first, other], named);
    const { recordCalibration } = await import('../../../catalogue/embedding/model-file.ts');
    const { calibrateModel } = await import('../../runs/evaluation/calibrate-model.ts');
    const { halfOfClasses } = await import('../options/half-of-classes.ts');
    const chosen = await resolveModel(given);
    if (chosen.origin === 'packaged' && output === undefined) {
      throw new CommandLineError(
        'the model that comes with lookalike stays as it is: say where the calibrated one goes with --output, or name your own with --model',
      );
    }
    const dataset = halfOfClasses(await loadImages(terminal, images), classes);
    const { embedder, model, announce } = await openChosenModel(chosen, givenEngine(chosenEngine));
    try {
      announce(terminal);
      const { calibration, withoutClass, unreadable } = await calibrateModel({
        dataset,
        embedder,
        seed,
        source: `${dataset.images.length} images of ${dataset.classes.length} classes given to calibrate`,
        onProgress: terminal.showProgress,
        signal: terminal.signal,
      });
      terminal.clear();
      const written = output ?? chosen.path;
      await recordCalibration(chosen.path, calibration, written);
      const { pairs, baseRate, steps, unsure, method, distance } = calibration;
      terminal.say(
        `${counted(pairs.alike, 'pair')} of one class and ${pairs.unlike} of two, ${percent(baseRate)} of all alike; ${method} fit of ${distance} distance`,
      );
      const rows = steps.map(({ from, to, share, alike, unlike }) => [
        from.toFixed(4),
        to.toFixed(4),
        percent(share),
        `${alike}`,
        `${unlike}`,
      ]);
      const heading = ['distance from', 'to', 'alike, were half of all pairs', 'pairs of one class', 'of two'];
      for (const line of textTable([heading, ...rows], ['right'])) terminal.say(line);
      terminal.say(`unsure between ${unsure.from.toFixed(4)} and ${unsure.to.toFixed(4)}`);
      if (withoutClass > 0) terminal.say(`${counted(withoutClass, 'image')} of no class left out`);
      sayUnreadable(terminal, unreadable);
      terminal.say(`written: ${written}`);
      return { model, images, classes, output: written, calibration, withoutClass, unreadable };
    } finally {
      await embedder.close();
    }
  },
});
