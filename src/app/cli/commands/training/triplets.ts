import { z } from 'zod';
import { counted } from '../../../../foundation/text/counted.ts';
import { samplerSettings } from '../../../../training/configuration/settings/sampler-settings.ts';
import { defineCommand, inGroup } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import { loadImages } from '../../input/load-images.ts';
import { defaultOutput } from '../../options/default-output.ts';
import { definedOnly } from '../../options/defined-only.ts';
import { wholeNumber } from '../../options/option-values.ts';
import { settingOptions, typedSettings } from '../../options/training/setting-options.ts';
import { sayUnreadable } from '../../output/unreadable-images.ts';

/** A loss over triplets: what they will be learnt with, as far as sampling is concerned. */
const takesTriplets = { kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' } as const;

/** `lookalike triplets` */
export const tripletsCommand = defineCommand({
  name: 'triplets',
  group: 'Make a model',
  summary: 'draw triplets from classes of images and write them to a CSV',
  details:
    'Every image is a query; other images of its class are its positives, images of other classes the negatives. ' +
    'The file has the columns query, positive and negative, with paths relative to the file. ' +
    'With --sampler relevance queries, positives and negatives are drawn by how alike images are, also within a class.',
  arguments: [{ name: 'images', description: 'a folder of class folders, or a CSV with labels' }],
  options: [
    ...inGroup('Everyday', [
      { flags: '-o, --output <file>', description: 'the CSV to write (default: triplets.csv, if there is none yet)' },
      { flags: '--positives <n>', description: 'positives of each query, drawn without replacement (default: all)' },
      { flags: '--negatives <n>', description: 'negatives of each query and positive (default: 1)' },
      { flags: '--seed <n>', description: 'the same seed draws the same triplets', default: '0' },
    ]),
    ...inGroup('By relevance', [
      ...settingOptions(samplerSettings),
      { flags: '--count <n>', description: 'triplets to draw by relevance (default: as many as images)' },
    ]),
  ],
  examples: [
    'lookalike triplets pictures/ -o triplets.csv --positives 5 --negatives 4 --seed 1',
    'lookalike triplets pictures/ -o triplets.csv --sampler relevance --relevance hog --count 10000',
  ],
  stopsItself: true,
  input: z
    .object({
      images: z.string(),
      output: z.string().optional(),
      positives: wholeNumber({ min: 1 }).optional(),
      negatives: wholeNumber({ min: 1 }).optional(),
      count: wholeNumber({ min: 1 }).optional(),
      seed: wholeNumber(),
    })
    .and(typedSettings(samplerSettings)),
  async run({ images, output: named, positives, negatives, count, seed, choices }, terminal) {
    const { sampleTriplets } = await import('../../sample-triplets.ts');
    const { sampleByRelevance } = await import('../../sample-by-relevance.ts');
    const { chooseSampler } = await import('../../../../training/configuration/choose-sampler.ts');
    const sampler = chooseSampler({ preset: 'small', ...choices }, takesTriplets, 'classes');
    const [option, value] = Object.entries(sampler === undefined ? { count } : { positives, negatives }).find(
      ([, given]) => given !== undefined,
    ) ?? [undefined];
    if (option !== undefined) {
      const instead = sampler === undefined ? '--positives and --negatives say how many' : '--count says how many';
      throw new CommandLineError(`--${option} ${value} was given, but of triplets that are drawn like this ${instead}`);
    }
    const output = named ?? (await defaultOutput('triplets.csv'));
    const dataset = await loadImages(terminal, images);
    const sampled =
      sampler === undefined
        ? await sampleTriplets(dataset, output, { ...definedOnly({ positives, negatives }), seed, terminal })
        : await sampleByRelevance(dataset, output, { sampler, ...definedOnly({ count }), seed, terminal });
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
