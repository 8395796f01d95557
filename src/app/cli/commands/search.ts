import { z } from 'zod';
import type { Calibration } from '../../../evaluation/calibration/calibration.ts';
import { counted } from '../../../foundation/text/counted.ts';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import { shareLines } from '../../pages/share-lines.ts';
import { defineCommand } from '../command.ts';
import { type NamedPicture, namedPictures } from '../input/named-pictures.ts';
import { openStoreModel } from '../input/open-store-model.ts';
import { modelOption } from '../input/resolve-model.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions } from '../options/html-options.ts';
import { wholeNumber } from '../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../options/store-option.ts';
import { modelName } from '../output/announce-model.ts';
import { foundImagesTable, type JudgedImage } from '../output/found-images-table.ts';

/** `lookalike search` */
export const searchCommand = defineCommand({
  name: 'search',
  group: 'Use a model',
  summary: 'find the images of a store that are most like an image',
  details:
    'A row for each image found: its rank, its distance to the query, its name in the store; of a calibrated model also how ' +
    'often two pictures at that distance were of one class, among the pictures that the model was calibrated on. ' +
    'Of several queries, each one is named in a line above its rows. Which model and store are used is said on standard error. ' +
    'Images are compared by the distance that the store was made with; see index. ' +
    'Without --model it uses the model that the store was made with, while that file is still the same.',
  arguments: [{ name: 'image', variadic: true, description: 'image files, or - for one on standard input' }],
  options: [
    storeOption,
    {
      flags: '-k, --count <n>',
      aliases: ['--top-k'],
      elsewhere: ['--limit', '--num', '-n'],
      description: 'how many images to find',
      default: '10',
    },
    {
      flags: '--within <prefix>',
      description: 'only images whose name in the store starts so, such as a folder: shoes/',
    },
    modelOption,
    ...htmlOptions,
    ...pictureLimitOptions,
  ],
  examples: [
    'lookalike search query.jpg',
    'lookalike search query.jpg --store shop.lance -k 5 --within shoes/',
    'lookalike search first.jpg second.jpg --json',
    'lookalike search - < query.jpg',
    'lookalike search query.jpg --html found.html --open',
  ],
  input: z.object({
    image: z.array(z.string()).min(1),
    store: storeInput,
    count: wholeNumber({ min: 1, max: 100_000 }),
    within: z.string().optional(),
    model: z.string().optional(),
    ...htmlInput,
    ...pictureLimitInput,
  }),
  async run({ image: names, store, count, within, model: given, html, open, ...limits }, terminal) {
    await checkPage(html, open, names.length * (count + 1));
    const pictureLimits = givenPictureLimits(limits);
    const queries = await namedPictures(names, pictureLimits);
    const { embedder, model, announce } = await openStoreModel(store, given, { pictureLimits });
    const { openCatalogue } = await import('../../../catalogue/mirror/open-catalogue.ts');
    const { shareAt } = await import('../../../catalogue/embedding/compare-images.ts');
    const catalogue = await openCatalogue(store, { model: embedder });
    try {
      const filter = within === undefined ? {} : { prefix: within };
      const { calibration } = embedder.model.metadata;
      const searches = [];
      for (const { name, source } of queries) {
        terminal.signal.throwIfAborted();
        const found = await catalogue.search(source, count, filter);
        const by = await catalogue.distance();
        searches.push({
          query: name,
          results: found.map((one) => ({ ...one, alike: shareAt(calibration, by, one.distance) })),
        });
      }
      const by = await catalogue.distance();
      announce(terminal);
      const comparing = by === 'euclidean' ? '' : `, by ${by} distance`;
      terminal.note(`store: ${store} (${counted(await catalogue.count(), 'image')}${comparing})`);
      if (searches[0].results.length === 0) terminal.warn(`no image's name starts with '${within}'`);
      for (const { query, results } of searches) {
        if (searches.length > 1) terminal.say(`${query}:`);
        for (const line of foundImagesTable(results)) terminal.say(line);
      }
      const shown = searches[0].results[0]?.alike === undefined ? undefined : calibration;
      if (shown !== undefined) for (const line of shareLines(shown)) terminal.note(line);
      if (html !== undefined) {
        const lead = `The nearest in the store ${store} (${counted(await catalogue.count(), 'image')}), by the model ${modelName(model)} and ${by} distance.`;
        const asked = searches.map(({ results }, place) => ({ query: queries[place], results }));
        await deliverPage(terminal, html, await pageOf(html, lead, asked, pictureLimits), open);
      }
      const documents = searches.map(({ query, results }) => ({
        query,
        results: results.map(({ alike, ...one }) => ({
          ...one,
          ...(alike === undefined ? {} : { alike: { ...alike } }),
        })),
      }));
      return {
        model,
        store,
        distance: by,
        ...(shown === undefined ? {} : { sharesMeasuredOn: measuredOn(shown) }),
        // Of one query, its name and results stand by themselves too.
        ...(documents.length === 1 ? documents[0] : {}),
        searches: documents,
        ...(html === undefined ? {} : { html }),
      };
    } finally {
      await catalogue.close();
      await embedder.close();
    }
  },
});

/** What a JSON document says of the pictures that shares were measured on. */
function measuredOn({ source, images, classes, baseRate }: Calibration) {
  return { source, images, classes, baseRate };
}

/** The page of what was found for each query. */
async function pageOf(
  page: string,
  lead: string,
  searches: readonly { readonly query: NamedPicture; readonly results: readonly JudgedImage[] }[],
  limits: PartialPictureLimits,
): Promise<string> {
  const { PictureDecoder } = await import('../../../pictures/decoding/picture-decoder.ts');
  const { pageTile } = await import('../output/page-tiles.ts');
  const { searchPage } = await import('../../pages/search-page.ts');
  const { mapBounded } = await import('../../../foundation/concurrency/bounded-concurrency.ts');
  const { percent } = await import('../../../foundation/text/percent.ts');
  const decoder = new PictureDecoder(limits);
  const shown = [];
  for (const { query, results } of searches) {
    const ranked = results.map((result, place) => ({ ...result, rank: place + 1 }));
    shown.push({
      query: await pageTile({ ...query, page, caption: 'Query', decoder }),
      results: await mapBounded(ranked, 4, ({ rank, id, path, distance, alike }) =>
        pageTile({
          name: id,
          source: path === undefined ? undefined : { kind: 'file', path },
          page,
          caption: `${rank} · ${distance.toFixed(4)}`,
          note: alike === undefined ? undefined : `${percent(alike.natural)}, ${alike.verdict}`,
          decoder,
        }),
      ),
    });
  }
  return searchPage({ lead, searches: shown });
}
