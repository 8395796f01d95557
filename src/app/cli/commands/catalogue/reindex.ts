import { z } from 'zod';
import type { VectorStore } from '../../../../catalogue/stores/vector-store.ts';
import type { ReindexReport } from '../../../../catalogue/upgrade/reindex-store.ts';
import type { LockHolder } from '../../../../foundation/files/lock-holder.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { percent } from '../../../../foundation/text/percent.ts';
import type { PartialPictureLimits } from '../../../../pictures/decoding/picture-limits.ts';
import { defineCommand } from '../../command.ts';
import { openModel } from '../../input/open-model.ts';
import { openStore } from '../../input/open-store.ts';
import { distanceInput, distanceOption } from '../../options/distance-option.ts';
import { engineInput, engineOptions, givenEngine } from '../../options/engine-options.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions } from '../../options/html-options.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { sayUnreadable } from '../../output/unreadable-images.ts';
import { waitingLine } from '../../output/waiting-line.ts';

/** Images whose neighbours changed most that are told. */
const told = 20;

/** `lookalike reindex` */
export const reindexCommand = defineCommand({
  name: 'reindex',
  group: 'Use a model',
  summary: 'make a store anew by another model, and say how its neighbours change',
  details:
    'Every image is embedded from its file by the new model; what is known of images stays. Searching goes on by the old model until ' +
    'the new vectors take the place of the old ones, all at once; a run that is stopped has changed nothing. ' +
    'The report says what share of the 1, 10 and 100 nearest images is the same by both models, and which images change most.',
  arguments: [],
  options: [
    { flags: '-m, --model <file>', description: 'the new model' },
    storeOption,
    distanceOption,
    { flags: '--dry-run', description: 'embed and report, and leave the store as it is' },
    {
      flags: '--drop-missing',
      description: 'leave out images that cannot be embedded again: no files, or broken by now',
    },
    ...htmlOptions,
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike reindex --model new.onnx --dry-run --html changes.html', 'lookalike reindex --model new.onnx'],
  stopsItself: true,
  input: z.object({
    model: z.string(),
    store: storeInput,
    distance: distanceInput,
    dryRun: z.boolean().default(false),
    dropMissing: z.boolean().default(false),
    ...htmlInput,
    ...engineInput,
    ...pictureLimitInput,
  }),
  async run(given, terminal) {
    const { model: newModel, store: uri, distance, dryRun, dropMissing, html, open, ...limits } = given;
    await checkPage(html, open, 21 * told);
    const pictureLimits = givenPictureLimits(limits);
    const store = await openStore(uri);
    const { embedder, model, announce } = await openModel(newModel, { ...givenEngine(given), pictureLimits });
    const { reindexStore } = await import('../../../../catalogue/upgrade/reindex-store.ts');
    try {
      announce(terminal);
      const onProgress = terminal.showProgress.bind(terminal);
      const onWait = (holder: LockHolder) => terminal.warn(waitingLine(uri, holder));
      const { signal } = terminal;
      const report = await reindexStore({ store, embedder, distance, dryRun, dropMissing, onProgress, onWait, signal });
      const { overlap, rows, missing, images } = report;
      for (const { k, share } of overlap.at) terminal.say(`of the ${k} nearest ${percent(share)} are the same`);
      const movers = overlap.images.slice(0, told).filter(({ share }) => share < 1);
      if (movers.length > 0) terminal.say('changed most, by the 10 nearest:');
      for (const { row, share } of movers) terminal.say(`  ${percent(share)}  ${rows[row].id}`);
      sayUnreadable(terminal, missing);
      terminal.say(dryRun ? 'nothing was done' : `store: ${uri} (${counted(images, 'image')}, by the new model)`);
      if (html !== undefined) await deliverPage(terminal, html, await pageOf(html, report, store, pictureLimits), open);
      return {
        model,
        store: uri,
        dryRun,
        images,
        missing: missing.map((one) => ({ ...one })),
        overlap: overlap.at.map((one) => ({ ...one })),
        changed: movers.map(({ row, share, before, after }) => ({
          id: rows[row].id,
          share,
          before: before.map((other) => rows[other].id),
          after: after.map((other) => rows[other].id),
        })),
        ...(html === undefined ? {} : { html }),
      };
    } finally {
      await store.close();
      await embedder.close();
    }
  },
});

/** The page of the images whose neighbours change most, before and after. */
async function pageOf(
  page: string,
  { overlap, rows }: ReindexReport,
  store: VectorStore,
  limits: PartialPictureLimits,
): Promise<string> {
  const { storedTiles } = await import('../../output/catalogue/stored-tiles.ts');
  const { groupsPage } = await import('../../../pages/groups-page.ts');
  await using stored = await storedTiles(store, page, limits);
  const tiles = (own: number, others: readonly number[]) =>
    stored.of(
      [own, ...others].map((row) => rows[row]),
      (_, place) => (place === 0 ? 'Query' : `${place}`),
    );
  const groups = [];
  for (const { row, share, before, after } of overlap.images.slice(0, told)) {
    const { id } = rows[row];
    groups.push({ title: `${id}: before`, pictures: await tiles(row, before) });
    groups.push({ title: `${id}: after, ${percent(share)} the same`, pictures: await tiles(row, after) });
  }
  const shares = overlap.at.map(({ k, share }) => `${percent(share)} of the ${k} nearest`);
  const lead = `By both models the same: ${shares.join(', ')}, of ${counted(overlap.queries, 'image')}. Those that change most come first.`;
  return groupsPage({ title: 'What another model changes', kind: 'Reindexing', lead, groups });
}
