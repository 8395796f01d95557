import { z } from 'zod';
import type { Catalogue } from '../../../../catalogue/mirror/catalogue.ts';
import { measuredOn } from '../../../../evaluation/calibration/measured-on.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import type { PartialPictureLimits } from '../../../../pictures/decoding/picture-limits.ts';
import { shareLines } from '../../../pages/share-lines.ts';
import { defineCommand, type JsonDocument } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import { openStoreModel } from '../../input/open-store-model.ts';
import { modelOption } from '../../input/resolve-model.ts';
import { exampleQueries, type NamedQuery, searchQueries } from '../../input/search-queries.ts';
import { engineForFew, engineInput, fewPicturesEngineOptions } from '../../options/engine-options.ts';
import { filterInput, filterOptions, givenFilter } from '../../options/filter-options.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions } from '../../options/html-options.ts';
import { numberFrom, shareOf, wholeNumber } from '../../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { repeated } from '../../options/repeated.ts';
import { clientOf, serverInput, serverOptions } from '../../options/server-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { modelName } from '../../output/announce-model.ts';
import { foundImagesJson } from '../../output/catalogue/found-images-json.ts';
import { foundImagesTable, type JudgedImage } from '../../output/catalogue/found-images-table.ts';
import type { Terminal } from '../../output/terminal.ts';
import { type ServiceSearch, searchByService } from '../../search-by-service.ts';

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
  arguments: [
    { name: 'image', variadic: true, optional: true, description: 'image files, or - for one on standard input' },
  ],
  options: [
    storeOption,
    {
      flags: '-k, --count <n>',
      aliases: ['--top-k'],
      elsewhere: ['--limit', '--num', '-n'],
      description: 'how many images to find',
      default: '10',
    },
    { flags: '--page <n>', description: 'the page of results, of --count each, from 1' },
    { flags: '--offset <n>', description: 'leave out so many of the nearest' },
    ...filterOptions,
    { flags: '--max-distance <d>', description: 'only images up to this distance' },
    {
      flags: '--min-alike <share>',
      description: 'only images at distances at which at least this share of pairs is alike, as calibrated: 0.8',
    },
    {
      flags: '--id <id>',
      repeatable: true,
      description: 'look for what is like an image of the store; may be repeated',
    },
    {
      flags: '--vector <file>',
      repeatable: true,
      description: "look for what is nearest to a vector of the model's: a JSON array of numbers; may be repeated",
    },
    { flags: '--together', description: 'look for what is like all queries: the mean of their vectors' },
    {
      flags: '--like <image>',
      repeatable: true,
      description:
        'an example of what the results are to be like, too: a file, or a name in the store; may be repeated',
    },
    {
      flags: '--unlike <image>',
      repeatable: true,
      description: 'an example of what they are not to be like; may be repeated',
    },
    { flags: '--exact', description: 'compare with every image, whatever index the store has' },
    {
      flags: '--recall <share>',
      description:
        'of the nearest images the share that is to be found, as measured of the index; default: what it was tuned for',
    },
    modelOption,
    ...htmlOptions,
    ...fewPicturesEngineOptions,
    ...pictureLimitOptions,
    ...serverOptions,
  ],
  examples: [
    'lookalike search query.jpg',
    'lookalike search query.jpg --store shop.lance -k 5 --within shoes/',
    'lookalike search first.jpg second.jpg --json',
    'lookalike search - < query.jpg',
    `lookalike search query.jpg --where "class = 'shoes' and price < 50"`,
    'lookalike search --id shoes/1.jpg --unlike shoes/7.jpg --page 2',
    'lookalike search query.jpg --html found.html --open',
    'lookalike search query.jpg --server http://127.0.0.1:8420',
  ],
  input: z.object({
    image: z.array(z.string()),
    store: storeInput,
    count: wholeNumber({ min: 1, max: 100_000 }),
    page: wholeNumber({ min: 1, max: 1_000_000 }).optional(),
    offset: wholeNumber({ min: 0, max: 1_000_000 }).optional(),
    ...filterInput,
    maxDistance: numberFrom(0).optional(),
    minAlike: shareOf().optional(),
    id: repeated,
    vector: repeated,
    together: z.boolean().default(false),
    exact: z.boolean().default(false),
    recall: shareOf().optional(),
    like: repeated,
    unlike: repeated,
    model: z.string().optional(),
    ...htmlInput,
    ...engineInput,
    ...pictureLimitInput,
    ...serverInput,
  }),
  async run(given, terminal) {
    const { store, count, html, open, together, within, where, page, offset, maxDistance, minAlike, exact, recall } =
      given;
    if (page !== undefined && offset !== undefined) {
      throw new CommandLineError('--page and --offset both say where results begin: give one of them');
    }
    const [filter, pictureLimits] = [givenFilter({ within, where }), givenPictureLimits(given)];
    const asked = { images: given.image, ids: given.id, vectors: given.vector };
    const named = await searchQueries(asked, together, pictureLimits);
    if (named.length === 0 && given.like.length === 0) {
      throw new CommandLineError("argument 'image' is missing: name a picture, or give --id, --vector or --like");
    }
    const first = offset ?? ((page ?? 1) - 1) * count;
    if (given.server !== undefined) return askService(given, given.server, named, first, terminal);
    const queries = named.length > 0 ? named : [{ name: given.like.join(' + '), query: [], source: undefined }];
    await checkPage(html, open, queries.length * (count + 1));
    const examples = {
      like: await exampleQueries(given.like, pictureLimits),
      unlike: await exampleQueries(given.unlike, pictureLimits),
    };
    const { embedder, model, announce } = await openStoreModel(store, given.model, engineFor(given, pictureLimits));
    const { openCatalogue } = await import('../../../../catalogue/mirror/open-catalogue.ts');
    const { calibratedShare } = await import('../../../../evaluation/calibration/calibrated-share.ts');
    const catalogue = await openCatalogue(store, { model: embedder });
    try {
      const { calibration } = embedder.model.metadata;
      const by = await catalogue.distance();
      const options = { k: count, offset: first, filter, maxDistance, minAlike, exact, recall, ...examples };
      const searches: Search[] = [];
      for (const query of queries) {
        terminal.signal.throwIfAborted();
        const found = await catalogue.search(query.query, options);
        const results = found.map((one) => ({ ...one, alike: calibratedShare(calibration, by, one.distance) }));
        searches.push({ query, results });
      }
      const images = await catalogue.count();
      announce(terminal);
      const comparing = by === 'euclidean' ? '' : `, by ${by} distance`;
      terminal.note(`store: ${store} (${counted(images, 'image')}${comparing})`);
      if (searches[0].results.length === 0)
        terminal.warn(nothingFound({ within, where, first, maxDistance, minAlike }));
      for (const { query, results } of searches) {
        if (searches.length > 1) terminal.say(`${query.name}:`);
        for (const line of foundImagesTable(results, first)) terminal.say(line);
      }
      const shown = searches[0].results[0]?.alike === undefined ? undefined : calibration;
      if (shown !== undefined) for (const line of shareLines(shown)) terminal.note(line);
      if (html !== undefined) {
        const lead = `The nearest in the store ${store} (${counted(images, 'image')}), by the model ${modelName(model)} and ${by} distance.`;
        const written = pageOf(html, lead, searches, first, pictureLimits, catalogue);
        await deliverPage(terminal, html, await written, open);
      }
      const documents = searches.map(({ query, results }) => ({
        query: query.name,
        results: foundImagesJson(results),
      }));
      return {
        model,
        store,
        distance: by,
        ...(first === 0 ? {} : { offset: first }),
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

/** How the model of a search is loaded. */
const engineFor = (given: Parameters<typeof engineForFew>[0], pictureLimits: PartialPictureLimits) => ({
  ...engineForFew(given),
  pictureLimits,
});

/** What of the command line a service is asked with, and what it does without. */
interface GivenToService extends Omit<ServiceSearch, 'server' | 'queries' | 'k' | 'offset'> {
  readonly count: number;
  readonly token?: string | undefined;
  readonly vector: readonly string[];
  readonly like: readonly string[];
  readonly unlike: readonly string[];
  readonly together: boolean;
  readonly exact: boolean;
  readonly recall?: number | undefined;
  readonly model?: string | undefined;
  readonly html?: string | undefined;
}

/** Lets a service search. @throws CommandLineError if something was given that it does not go with. */
async function askService(
  given: GivenToService,
  server: string,
  queries: readonly NamedQuery[],
  offset: number,
  terminal: Terminal,
): Promise<JsonDocument> {
  const { count: k, within, where, maxDistance, minAlike, token, together, exact, recall, model, html } = given;
  const listed = (words: readonly string[]) => (words.length === 0 ? undefined : words);
  const without = { '--vector': listed(given.vector), '--like': listed(given.like), '--unlike': listed(given.unlike) };
  const demand = { '--exact': exact, '--recall': recall?.toString() };
  const others = { ...without, ...demand, '--together': together, '--model': model, '--html': html };
  const client = await clientOf(server, token, others, terminal.signal);
  const narrowed = { within, where, maxDistance, minAlike };
  return searchByService(client, { server, queries, k, offset, ...narrowed }, terminal);
}

/** Why nothing was found: what the search was narrowed by. */
function nothingFound(narrowed: {
  readonly within: string | undefined;
  readonly where: string | undefined;
  readonly first: number;
  readonly maxDistance: number | undefined;
  readonly minAlike: number | undefined;
}): string {
  const { within, where, first, maxDistance, minAlike } = narrowed;
  if (maxDistance !== undefined || minAlike !== undefined) return 'no image is that near';
  if (first > 0) return `there are no images from place ${first + 1} on: ask for an earlier page`;
  if (where === undefined) return `no image's name starts with '${within}'`;
  return `no image is let through by ${where}${within === undefined ? '' : ` in '${within}'`}`;
}

/** A query and what was found for it. */
interface Search {
  readonly query: NamedQuery;
  readonly results: readonly JudgedImage[];
}

/** The page of what was found for each query. */
async function pageOf(
  page: string,
  lead: string,
  searches: readonly Search[],
  first: number,
  limits: PartialPictureLimits,
  catalogue: Pick<Catalogue, 'thumbnail'>,
): Promise<string> {
  const { PictureDecoder } = await import('../../../../pictures/decoding/picture-decoder.ts');
  const { pageTile, pageTiles, tileSource } = await import('../../output/catalogue/page-tiles.ts');
  const { searchPage } = await import('../../../pages/search-page.ts');
  const { percent } = await import('../../../../foundation/text/percent.ts');
  const decoder = new PictureDecoder(limits);
  const shown = [];
  for (const { query, results } of searches) {
    const ranked = results.map((result, place) => ({ ...result, rank: first + place + 1 }));
    // An image of the store is found itself.
    const own = results.find(({ id }) => id === query.name)?.path;
    const source = query.source ?? tileSource(own);
    shown.push({
      query: await pageTile({
        name: query.name,
        source,
        kept: () => catalogue.thumbnail(query.name),
        page,
        caption: 'Query',
        decoder,
      }),
      results: await pageTiles(
        ranked.map(({ rank, id, path, distance, alike }) => ({
          name: id,
          source: tileSource(path),
          kept: () => catalogue.thumbnail(id),
          caption: `${rank} · ${distance.toFixed(4)}`,
          note: alike === undefined ? undefined : `${percent(alike.natural)}, ${alike.verdict}`,
        })),
        { page, decoder },
      ),
    });
  }
  return searchPage({ lead, searches: shown });
}
