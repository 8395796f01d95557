import path from 'node:path';
import { z } from 'zod';
import { rangeEstimatorNames } from '../../../catalogue/quantization/range-estimator.ts';
import { counted } from '../../../foundation/text/counted.ts';
import { percent } from '../../../foundation/text/percent.ts';
import { defineCommand } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';
import { loadImages } from '../input/load-images.ts';
import { type ChosenModel, modelOption, resolveModel } from '../input/resolve-model.ts';
import { defaultOutput } from '../options/default-output.ts';
import { oneOf, wholeNumber } from '../options/option-values.ts';
import { announceModel, modelDocument } from '../output/announce-model.ts';

/** Where a model made of this one goes by default: beside it, but never into the package. */
function folderOf({ path: file, origin }: ChosenModel): string {
  return origin === 'packaged' ? '.' : path.dirname(file);
}

/** `lookalike quantize` */
export const quantizeCommand = defineCommand({
  name: 'quantize',
  group: 'Judge and improve',
  summary: 'make a model faster by letting its layers work on bytes',
  details:
    'Ranges of activations are taken from some of the images; weights get a scale for each filter. Recall@1 of both models ' +
    'is measured on the other images, which need classes; where it falls by more than half a point, nothing is written. ' +
    'The new model is calibrated on those images, too, if they have enough pairs: give images it was not trained on. ' +
    'The embeddings are others than those of the model it is made of: fill stores anew with the new model.',
  arguments: [{ name: 'images', description: 'pictures of the kind to be searched: a folder, a CSV or IDX files' }],
  options: [
    modelOption,
    {
      flags: '-o, --output <file>',
      description: 'where the quantised model goes (default: model-8bit.onnx beside the model)',
    },
    { flags: '--calibration-images <n>', description: 'pictures that ranges are taken from', default: '256' },
    {
      flags: '--judge <images>',
      description: 'labelled images to measure Recall@1 on (default: the others of <images>)',
    },
    {
      flags: '--halves',
      description:
        'calibrate on one half of the classes and judge on the other, split by the SHA-1 of their names as evaluate does',
    },
    {
      flags: '--ranges <how>',
      description: `how ranges are chosen: ${rangeEstimatorNames.join(', ')}`,
      default: 'mean-squared-error',
    },
    { flags: '--seed <n>', description: 'decides which pictures are calibrated on', default: '0' },
  ],
  examples: [
    'lookalike quantize pictures/ --model run/model.onnx',
    'lookalike quantize unlabelled/ --judge labelled/ -o model-8bit.onnx --json',
  ],
  input: z.object({
    images: z.string(),
    model: z.string().optional(),
    output: z.string().optional(),
    calibrationImages: wholeNumber({ min: 1, max: 100_000 }),
    judge: z.string().optional(),
    halves: z.boolean().default(false),
    ranges: oneOf(rangeEstimatorNames),
    seed: wholeNumber(),
  }),
  async run({ images, model: given, output: named, judge, halves, ...choices }, terminal) {
    if (halves && judge !== undefined) {
      throw new CommandLineError(
        "options '--halves' and '--judge <images>' both say what to judge on: give one of them",
      );
    }
    const { OnnxruntimeEngine } = await import('../../../engines/onnxruntime/onnxruntime-engine.ts');
    const { readModel } = await import('../../../catalogue/embedding/model-file.ts');
    const { quantizeModel } = await import('../../../catalogue/quantization/quantize-model.ts');
    const { halfOfClasses } = await import('../options/half-of-classes.ts');
    const chosen = await resolveModel(given);
    const output = named ?? (await defaultOutput(path.join(folderOf(chosen), 'model-8bit.onnx')));
    const whole = await loadImages(terminal, images);
    const judged = halves
      ? halfOfClasses(whole, 'test')
      : judge === undefined
        ? undefined
        : await loadImages(terminal, judge);
    const file = await readModel(chosen.path);
    const model = modelDocument(file, chosen);
    announceModel(terminal, file, chosen);
    const engine = await OnnxruntimeEngine.create();
    try {
      const { quantization, before, after, calibration } = await quantizeModel({
        ...choices,
        model: chosen.path,
        output,
        dataset: halves ? halfOfClasses(whole, 'train') : whole,
        ...(judged === undefined ? {} : { judge: judged }),
        engine,
        onProgress: terminal.showProgress,
        signal: terminal.signal,
      });
      const { layers, calibrationImages, queries, recallAt1 } = quantization;
      terminal.say(`${counted(layers, 'layer')} on bytes, ranges from ${counted(calibrationImages, 'image')}`);
      terminal.say(
        `Recall@1 ${percent(recallAt1.before)} before, ${percent(recallAt1.after)} after, on ${counted(queries, 'query', 'queries')}`,
      );
      const isCalibrated = !(calibration instanceof Error);
      terminal.say(
        isCalibrated
          ? `calibrated on the ${counted(calibration.images, 'image')} it was judged on: see docs/calibration.md`
          : `not calibrated: ${calibration.message}`,
      );
      terminal.say(`written: ${output}`);
      const measured = isCalibrated ? { calibration } : { notCalibrated: calibration.message };
      return { model, output, quantization, before, after, ...measured };
    } finally {
      await engine.close();
    }
  },
});
