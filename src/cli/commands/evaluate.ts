import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { counted } from '../counted.ts';
import { measuresTable } from '../measures-table.ts';
import { openModel } from '../open-model.ts';
import { oneOf, wholeNumber } from '../option-values.ts';
import { modelOption } from '../resolve-model.ts';
import { sayUnreadable } from '../unreadable-images.ts';

const numberList = z
  .string()
  .regex(/^\d+(,\d+)*$/, 'must be whole numbers with commas between them')
  .transform((text) => text.split(',').map(Number))
  .refine((numbers) => numbers.every((k) => k >= 1 && k <= 10_000), 'must be whole numbers from 1 to 10000');

/** `lookalike evaluate` */
export const evaluateCommand = defineCommand({
  name: 'evaluate',
  summary: 'measure how well a model tells what looks alike',
  details:
    'With labelled images, every image is a query, all others are the gallery, and those of its class are relevant.\n' +
    'With a CSV of triplets (query, positive, negative), it is the share of triplets that the model ranks as the file does.\n' +
    'Intervals are from a bootstrap over the queries.',
  arguments: [
    { name: 'images', description: 'a folder of class folders, a CSV with labels or with triplets, or IDX files' },
  ],
  options: [
    modelOption,
    { flags: '--baselines', description: 'judge raw pixels and HOG beside the model: what it has to beat' },
    {
      flags: '--classes <which>',
      description: 'all, or one half of the classes, split by the SHA-1 of their names: train (the first) or test',
      default: 'all',
    },
    { flags: '--at <ks>', description: 'the K of Recall@K and precision@K', default: '1,5,10' },
    { flags: '--seed <n>', description: 'decides the random triplets and the bootstrap', default: '0' },
  ],
  examples: [
    'lookalike evaluate pictures/ --model run/model.onnx --baselines',
    'lookalike evaluate triplets.csv --model run/model.onnx --json',
  ],
  input: z.object({
    images: z.string(),
    model: z.string().optional(),
    baselines: z.boolean().default(false),
    classes: oneOf(['all', 'train', 'test']),
    at: numberList,
    seed: wholeNumber(),
  }),
  async run({ images, model: given, baselines, classes, at, seed }, terminal) {
    const { OnnxruntimeEngine } = await import('../../engines/onnxruntime-engine.ts');
    const { isTripletFile } = await import('../../triplets/is-triplet-file.ts');
    const engine = await OnnxruntimeEngine.create();
    const { embedder, model } = await openModel(terminal, given, { engine });
    try {
      if (await isTripletFile(images)) {
        const { evaluateTripletFile } = await import('../evaluate-triplet-file.ts');
        const { report, skipped, unreadable } = await evaluateTripletFile(images, embedder, terminal, seed);
        terminal.say(`${counted(report.triplets, 'triplet')} of ${counted(report.queries, 'query', 'queries')}`);
        for (const line of measuresTable({ name: 'model', measures: report.measures }, [])) terminal.say(line);
        if (skipped > 0)
          terminal.say(`${counted(skipped, 'triplet')} left out, for one of their images cannot be read`);
        sayUnreadable(terminal, unreadable);
        return { model, triplets: images, evaluation: report, skipped, unreadable };
      }
      const { loadDataset } = await import('../../datasets/load-dataset.ts');
      const { halfOfClasses } = await import('../half-of-classes.ts');
      const { evaluateDataset } = await import('../../runs/evaluate-dataset.ts');
      const dataset = halfOfClasses(await loadDataset(images), classes);
      const progress = (label: string, unit: string) => terminal.progress(label, unit);
      const { signal } = terminal;
      const found = await evaluateDataset({ dataset, embedder, engine, progress, signal, seed, ks: at, baselines });
      const { report, unreadable, withoutClass } = found;
      terminal.say(
        `${counted(report.images, 'image')} of ${report.classes} classes, ${report.queries} of them queries`,
      );
      const compared =
        found.baselines === undefined
          ? []
          : [
              { name: 'raw pixels', measures: found.baselines.rawPixels.measures },
              { name: 'HOG', measures: found.baselines.hog.measures },
            ];
      for (const line of measuresTable({ name: 'model', measures: report.measures }, compared)) terminal.say(line);
      if (withoutClass > 0) terminal.say(`${counted(withoutClass, 'image')} of no class left out`);
      sayUnreadable(terminal, unreadable);
      return { model, images, classes, evaluation: report, baselines: found.baselines, withoutClass, unreadable };
    } finally {
      await embedder.close();
      await engine.close();
    }
  },
});
