import { z } from 'zod';
import type { StoredImage, VectorStore } from '../../../../catalogue/stores/vector-store.ts';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { textTable } from '../../../../foundation/text/text-table.ts';
import type { PartialPictureLimits } from '../../../../pictures/decoding/picture-limits.ts';
import { defineCommand } from '../../command.ts';
import { openStore } from '../../input/open-store.ts';
import { filterInput, filterOptions, givenFilter } from '../../options/filter-options.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions, mostPictures } from '../../options/html-options.ts';
import { wholeNumber } from '../../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';

/** Pictures of a cluster that a page shows. */
const shownOfCluster = 12;

/** A cluster with its images, the nearest to its mean first. */
interface ImageCluster {
  readonly representative: string;
  readonly images: readonly StoredImage[];
}

/** `lookalike cluster` */
export const clusterCommand = defineCommand({
  name: 'cluster',
  group: 'Use a model',
  summary: 'sort the images of a store into clusters, and find those that are like no other',
  details:
    'k-means over the vectors. A row for each cluster: how many images it has, and the one nearest to its mean, which stands for ' +
    'it. Outliers are far from every mean: beyond the upper quartile of such distances by three times their interquartile range.',
  arguments: [],
  options: [
    storeOption,
    { flags: '-k, --count <n>', description: 'how many clusters; default: the root of half the images' },
    { flags: '--seed <n>', description: 'of the random start', default: '0' },
    ...filterOptions,
    ...htmlOptions,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike cluster', 'lookalike cluster -k 20 --where "class = \'shoes\'" --html clusters.html --open'],
  input: z.object({
    store: storeInput,
    count: wholeNumber({ min: 1, max: 10_000 }).optional(),
    seed: wholeNumber({ min: 0, max: 2 ** 31 }),
    ...filterInput,
    ...htmlInput,
    ...pictureLimitInput,
  }),
  async run({ store: uri, count, seed, within, where, html, open, ...limits }, terminal) {
    const filter = givenFilter({ within, where });
    await checkPage(html, open, 0);
    const store = await openStore(uri);
    try {
      const { storedTable } = await import('../../../../catalogue/groups/stored-table.ts');
      const { clusters, outliersOf } = await import('../../../../catalogue/groups/clusters.ts');
      const table = await storedTable(store, filter);
      if (table.images.length === 0)
        throw new StoreError(`no image of the store '${uri}' is let through by the filter`);
      const found = clusters(table, { count, seed, signal: terminal.signal });
      const sorted = found.map(({ representative, rows }) => ({
        representative: table.images[representative].id,
        images: rows.map((row) => table.images[row]),
      }));
      const outliers = outliersOf(found).map((row) => table.images[row]);
      const rows = sorted.map(({ images, representative }, place) => [
        `${place + 1}`,
        `${images.length}`,
        representative,
      ]);
      for (const line of textTable(rows, ['right', 'right', 'left'])) terminal.say(line);
      terminal.say(outliers.length === 0 ? 'no outliers' : `${counted(outliers.length, 'outlier')}:`);
      for (const { id } of outliers) terminal.say(`  ${id}`);
      if (html !== undefined) {
        const lead = `${counted(table.images.length, 'image')} of the store ${uri}, by k-means. Of each cluster the ${shownOfCluster} nearest to its mean are shown.`;
        const page = await pageOf(html, {
          lead,
          clusters: sorted,
          outliers,
          store,
          limits: givenPictureLimits(limits),
        });
        await deliverPage(terminal, html, page, open);
      }
      return {
        store: uri,
        clusters: sorted.map(({ representative, images }) => ({ representative, images: images.map(({ id }) => id) })),
        outliers: outliers.map(({ id }) => id),
        ...(html === undefined ? {} : { html }),
      };
    } finally {
      await store.close();
    }
  },
});

/** What the page of clusters is made of. */
interface ClusterPage {
  readonly lead: string;
  readonly clusters: readonly ImageCluster[];
  readonly outliers: readonly StoredImage[];
  readonly store: VectorStore;
  readonly limits: PartialPictureLimits;
}

async function pageOf(page: string, { lead, clusters, outliers, store, limits }: ClusterPage): Promise<string> {
  const { storedTiles } = await import('../../output/catalogue/stored-tiles.ts');
  const { groupsPage } = await import('../../../pages/groups-page.ts');
  await using tiles = await storedTiles(store, page, limits);
  const groups = [];
  const most = Math.floor(mostPictures / shownOfCluster) - 1;
  for (const [place, { images, representative }] of clusters.slice(0, most).entries()) {
    const captions = (image: StoredImage) => (image.id === representative ? 'Stands for it' : '');
    const pictures = await tiles.of(images.slice(0, shownOfCluster), captions);
    groups.push({ title: `Cluster ${place + 1}: ${counted(images.length, 'image')}`, pictures });
  }
  if (outliers.length > 0) {
    groups.push({ title: 'Like no other', pictures: await tiles.of(outliers.slice(0, shownOfCluster), () => '') });
  }
  return groupsPage({ title: counted(clusters.length, 'cluster'), kind: 'Clusters', lead, groups });
}
