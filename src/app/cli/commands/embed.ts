import { z } from 'zod';
import { counted } from '../../../foundation/text/counted.ts';
import { defineCommand } from '../command.ts';
import { loadImages } from '../input/load-images.ts';
import { openModel } from '../input/open-model.ts';
import { requireImages } from '../input/require-images.ts';
import { modelOption } from '../input/resolve-model.ts';
import { engineInput, engineOptions, givenEngine } from '../options/engine-options.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../options/picture-limit-options.ts';
import { sayUnreadable } from '../output/unreadable-images.ts';

/** `lookalike embed` */
export const embedCommand = defineCommand({
  name: 'embed',
  group: 'Use a model',
  summary: 'embed images, or a share of them, into a file of vectors',
  details:
    'For many machines: each embeds its shard of the images, and index --vectors puts all of them into a store, as if one machine had ' +
    'embedded them. An image is in the shard that its name says, whatever else is there, so that a shard can be embedded again. ' +
    'The ending says how the file is written: .parquet, .arrow, .jsonl or .npy, whose names stand beside it; index takes each.',
  arguments: [{ name: 'images', description: 'a folder of images, a CSV with labels, or IDX files' }],
  options: [
    { flags: '-o, --output <file>', description: 'the file: .parquet, .arrow, .jsonl or .npy' },
    { flags: '--shard <i/n>', description: 'the part of the images: 1/4 to 4/4', default: '1/1' },
    modelOption,
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: [
    'lookalike embed pictures/ --shard 3/8 -o vectors-3.parquet',
    'lookalike index pictures/ --vectors vectors-1.parquet --vectors vectors-2.parquet',
  ],
  input: z.object({
    images: z.string(),
    output: z.string().min(1, 'must not be empty'),
    shard: z
      .string()
      .regex(/^[1-9]\d{0,5}\/[1-9]\d{0,5}$/, 'must be a part of a number of parts such as 3/8')
      .transform((text) => text.split('/').map(Number))
      .refine(([part, of]) => part <= of, 'must be a part of a number of parts such as 3/8'),
    model: z.string().optional(),
    ...engineInput,
    ...pictureLimitInput,
  }),
  stopsItself: true,
  async run({ images, output, shard: [part, of], model: given, engine, precision, decode, ...limits }, terminal) {
    await requireImages(images);
    const { checkVectorFile, writeVectorFile } = await import('../../../catalogue/exchange/vector-file.ts');
    checkVectorFile(output);
    const { embedShard } = await import('../../../catalogue/exchange/embed-shard.ts');
    const { embedder, model, announce } = await openModel(given, {
      ...givenEngine({ engine, precision, decode }),
      pictureLimits: givenPictureLimits(limits),
    });
    try {
      announce(terminal);
      const dataset = await loadImages(terminal, images);
      const onProgress = terminal.showProgress.bind(terminal);
      const shard = embedShard({
        embedder,
        dataset,
        shard: { part, of },
        onProgress,
        signal: terminal.signal,
      });
      await writeVectorFile(output, shard.table);
      const { unreadable } = shard;
      const count = shard.count();
      terminal.say(`${output}: ${counted(count, 'image')} of ${dataset.images.length}`);
      sayUnreadable(terminal, unreadable);
      return {
        model,
        output,
        shard: `${part}/${of}`,
        images: count,
        unreadable: unreadable.map((one) => ({ ...one })),
      };
    } finally {
      await embedder.close();
    }
  },
});
