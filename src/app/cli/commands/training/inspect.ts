import { z } from 'zod';
import { defineCommand } from '../../command.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { datasetReportLines } from '../../output/dataset-report-lines.ts';

/** `lookalike inspect` */
export const inspectCommand = defineCommand({
  name: 'inspect',
  group: 'Look around',
  summary: 'print what is in a folder of images: classes, sizes, broken files, duplicates',
  details:
    'Every image is decoded once. Broken files are listed; training and indexing leave them out. So are folders that may not ' +
    'be read, and those that systems make beside pictures (@eaDir, __MACOSX, recycle bins), which nothing looks into. ' +
    'Of a dataset that comes divided (MNIST, ImageNet) the training part is meant: <images>#test is the other.',
  arguments: [{ name: 'images', description: 'a folder of class folders, a CSV with labels, or IDX files' }],
  options: pictureLimitOptions,
  examples: ['lookalike inspect pictures/', 'lookalike inspect pictures/ --json'],
  input: z.object({ images: z.string(), ...pictureLimitInput }),
  async run({ images, ...limits }, terminal) {
    const { loadDataset } = await import('../../../../pictures/datasets/load-dataset.ts');
    const { inspectDataset } = await import('../../../../pictures/inspection/inspect-dataset.ts');
    const dataset = await loadDataset(images);
    const { signal, showProgress: onProgress } = terminal;
    const report = await inspectDataset(dataset, { pictureLimits: givenPictureLimits(limits), signal, onProgress });
    for (const line of datasetReportLines(report)) terminal.say(line);
    const { sizes, division, ...rest } = report;
    const plainGroups = (groups: typeof report.duplicatesAcrossClasses) => groups.map((group) => ({ ...group }));
    return {
      ...rest,
      classes: report.classes.map((one) => ({ ...one })),
      division: division === undefined ? null : { part: division.part, others: [...division.others] },
      passedOver: report.passedOver.map((one) => ({ ...one })),
      unreadable: report.unreadable.map((one) => ({ ...one })),
      duplicatesWithinClasses: plainGroups(report.duplicatesWithinClasses),
      duplicatesAcrossClasses: plainGroups(report.duplicatesAcrossClasses),
      sizes: sizes === undefined ? null : { width: { ...sizes.width }, height: { ...sizes.height } },
    };
  },
});
