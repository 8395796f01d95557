import { z } from 'zod';
import { percent } from '../../report/percent.ts';
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
  details:
    'Images are compared by the distance that the store was made with; see index.\n' +
    'Of a calibrated model it also says, for each image found, what share of all pairs at that distance were alike.',
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
    const { shareAt } = await import('../../embedding/compare-images.ts');
    const catalogue = await openCatalogue(store, { model: embedder });
    try {
      const found = await catalogue.search(image, count, within === undefined ? {} : { prefix: within });
      const by = await catalogue.distance();
      const { calibration } = embedder.model.metadata;
      const results = found.map((one) => ({ ...one, alike: shareAt(calibration, by, one.distance) }));
      const comparing = by === 'euclidean' ? '' : `, by ${by} distance`;
      terminal.say(`store: ${store} (${counted(await catalogue.count(), 'image')}${comparing})`);
      if (results.length === 0) terminal.say(`no image's name starts with '${within}'`);
      const rows = results.map(({ id, distance, alike }, place) => [
        `${place + 1}`,
        distance.toFixed(4),
        ...(alike === undefined ? [] : [percent(alike.natural), alike.verdict]),
        id,
      ]);
      const calibrated = results[0]?.alike !== undefined;
      for (const line of textTable(
        rows,
        calibrated ? ['right', 'right', 'right', 'left', 'left'] : ['right', 'right', 'left'],
      )) {
        terminal.say(line);
      }
      if (calibrated) {
        terminal.say(
          `percent: of all pairs at that distance, how many were of one class, among ${calibration?.source}; ` +
            'alike, unsure or unlike: had half of all pairs been',
        );
      }
      return {
        model,
        store,
        query: image,
        distance: by,
        results: results.map(({ alike, ...one }) => ({
          ...one,
          ...(alike === undefined ? {} : { alike: { ...alike } }),
        })),
      };
    } finally {
      await catalogue.close();
      await embedder.close();
    }
  },
});
