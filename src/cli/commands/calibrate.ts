import { z } from 'zod';
import { percent } from '../../report/percent.ts';
import { textTable } from '../../report/text-table.ts';
import { announceModel } from '../announce-model.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../counted.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { resolveModel } from '../resolve-model.ts';
import { sayUnreadable } from '../unreadable-images.ts';

/** `lookalike calibrate` */
export const calibrateCommand = defineCommand({
  name: 'calibrate',
  summary: 'measure what share of pairs at a distance are alike, and write it into a model',
  details:
    'Takes pairs of labelled images that the model was not trained on; alike are pairs of one class. compare and search then\n' +
    'say what share of pairs at a distance were alike. It needs at least 100 pairs of one class, of 5 classes or more.\n' +
    'The model becomes another file, so stores made with it have to be filled anew; its embeddings stay as they are.',
  arguments: [
    { name: 'model', description: 'a model.onnx, or the folder of a run' },
    { name: 'images', description: 'a folder of class folders, a CSV with labels, or IDX files' },
  ],
  options: [
    { flags: '-o, --output <file>', description: 'where the calibrated model goes (default: the model itself)' },
    {
      flags: '--classes <which>',
      description: 'all, or one half of the classes, split by the SHA-1 of their names: train (the first) or test',
      default: 'all',
    },
    { flags: '--seed <n>', description: 'decides which pairs are taken where there are too many', default: '0' },
  ],
  examples: [
    'lookalike calibrate run/model.onnx held-out-pictures/',
    'lookalike calibrate run/model.onnx pictures/ --classes test -o calibrated.onnx',
  ],
  input: z.object({
    model: z.string(),
    images: z.string(),
    output: z.string().optional(),
    classes: oneOf(['all', 'train', 'test']),
    seed: wholeNumber(),
  }),
  async run({ model: given, images, output, classes, seed }, terminal) {
    const { loadModel } = await import('../../embedding/embedder.ts');
    const { recordCalibration } = await import('../../embedding/model-file.ts');
    const { loadDataset } = await import('../../datasets/load-dataset.ts');
    const { calibrateModel } = await import('../../runs/calibrate-model.ts');
    const { halfOfClasses } = await import('../half-of-classes.ts');
    const chosen = await resolveModel(given);
    const embedder = await loadModel(chosen.path);
    try {
      const model = announceModel(terminal, embedder.model, chosen);
      const dataset = halfOfClasses(await loadDataset(images), classes);
      const bar = terminal.progress('embedding', 'images');
      const { calibration, withoutClass, unreadable } = await calibrateModel({
        dataset,
        embedder,
        seed,
        source: `${dataset.images.length} images of ${dataset.classes.length} classes given to calibrate`,
        onProgress: (done, total) => bar.update(done, total),
        signal: terminal.signal,
      });
      bar.clear();
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
