import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { counted } from '../counted.ts';
import { wholeNumber } from '../option-values.ts';
import { sayUnreadable } from '../unreadable-images.ts';

/** `lookalike triplets` */
export const tripletsCommand = defineCommand({
  name: 'triplets',
  summary: 'draw triplets from classes of images and write them to a CSV',
  details:
    'Every image is a query; other images of its class are its positives, images of other classes the negatives.\n' +
    'The file has the columns query, positive and negative, with paths relative to the file.',
  arguments: [{ name: 'images', description: 'a folder of class folders, or a CSV with labels' }],
  options: [
    { flags: '-o, --output <file>', description: 'the CSV to write' },
    { flags: '--positives <n>', description: 'positives of each query, drawn without replacement (default: all)' },
    { flags: '--negatives <n>', description: 'negatives of each query and positive', default: '1' },
    { flags: '--seed <n>', description: 'the same seed draws the same triplets', default: '0' },
  ],
  examples: ['lookalike triplets pictures/ -o triplets.csv --positives 5 --negatives 4 --seed 1'],
  stopsItself: true,
  input: z.object({
    images: z.string(),
    output: z.string(),
    positives: wholeNumber({ min: 1 }).optional(),
    negatives: wholeNumber({ min: 1 }),
    seed: wholeNumber(),
  }),
  async run({ images, output, positives, negatives, seed }, terminal) {
    const { loadDataset } = await import('../../datasets/load-dataset.ts');
    const { sampleTriplets } = await import('../sample-triplets.ts');
    const dataset = await loadDataset(images);
    const sampled = await sampleTriplets(dataset, output, {
      ...(positives === undefined ? {} : { positives }),
      negatives,
      seed,
      terminal,
    });
    const { triplets, queries, classesOfOneImage, withoutClass } = sampled;
    const unreadable = sampled.unreadable.map(({ id, reason }) => ({ id, reason }));
    terminal.say(`${output}: ${counted(triplets, 'triplet')} of ${counted(queries, 'query', 'queries')}`);
    if (classesOfOneImage > 0) {
      terminal.say(`${counted(classesOfOneImage, 'class', 'classes')} of a single image gave negatives only`);
    }
    if (withoutClass > 0) terminal.say(`${counted(withoutClass, 'image')} of no class left out`);
    sayUnreadable(
      terminal,
      unreadable.map(({ id, reason }) => ({ reason: `${id}: ${reason}` })),
    );
    return { images, output, seed, triplets, queries, classesOfOneImage, withoutClass, unreadable };
  },
});
