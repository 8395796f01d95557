import { z } from 'zod';
import { textTable } from '../../report/text-table.ts';
import { defineCommand } from '../command.ts';
import { counted } from '../counted.ts';
import { openModel } from '../open-model.ts';
import { wholeNumber } from '../option-values.ts';
import { modelOption } from '../resolve-model.ts';
import { storeOption } from '../store-option.ts';

/** `lookalike search` */
export const searchCommand = defineCommand({
  name: 'search',
  summary: 'find the images of a store that are most like an image',
  arguments: [{ name: 'image', description: 'an image file' }],
  options: [
    storeOption,
    { flags: '-k, --count <n>', description: 'how many images to find', default: '10' },
    {
      flags: '--within <prefix>',
      description: 'only images whose name in the store starts so, such as a folder: shoes/',
    },
    modelOption,
  ],
  examples: ['lookalike search query.jpg', 'lookalike search query.jpg --store shop.lance -k 5 --within shoes/'],
  input: z.object({
    image: z.string(),
    store: z.string(),
    count: wholeNumber({ min: 1, max: 100_000 }),
    within: z.string().optional(),
    model: z.string().optional(),
  }),
  async run({ image, store, count, within, model: given }, terminal) {
    const { embedder, model } = await openModel(terminal, given);
    const { openCatalogue } = await import('../../catalogue/open-catalogue.ts');
    const catalogue = await openCatalogue(store, { model: embedder });
    try {
      const results = await catalogue.search(image, count, within === undefined ? {} : { prefix: within });
      terminal.say(`store: ${store} (${counted(await catalogue.count(), 'image')})`);
      if (results.length === 0) terminal.say(`no image's name starts with '${within}'`);
      const rows = results.map(({ id, distance }, place) => [`${place + 1}`, distance.toFixed(4), id]);
      for (const line of textTable(rows, ['right', 'right', 'left'])) terminal.say(line);
      return { model, store, query: image, results: results.map((found) => ({ ...found })) };
    } finally {
      await catalogue.close();
      await embedder.close();
    }
  },
});
