import { z } from 'zod';
import { OtherPlaceError } from '../../../../catalogue/mirror/catalogue-source.ts';
import type { WatchEvent } from '../../../../catalogue/mirror/watch/watch-images.ts';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import type { LockHolder } from '../../../../foundation/files/lock-holder.ts';
import type { Progress } from '../../../../foundation/progress/progress.ts';
import { formatDuration } from '../../../../foundation/text/duration.ts';
import { defineCommand } from '../../command.ts';
import { openStoreModel } from '../../input/open-store-model.ts';
import { requireImages } from '../../input/require-images.ts';
import { modelOption } from '../../input/resolve-model.ts';
import { distanceInput, distanceOption } from '../../options/distance-option.ts';
import { engineInput, engineOptions, givenEngine } from '../../options/engine-options.ts';
import { duration } from '../../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { countsLine, goneLines } from '../../output/catalogue/mirrored-lines.ts';
import { sidecarJson, sidecarLines } from '../../output/catalogue/sidecar-lines.ts';
import { errorLine } from '../../output/error-line.ts';
import type { Terminal } from '../../output/terminal.ts';
import { waitingLine } from '../../output/waiting-line.ts';

/** `lookalike watch` */
export const watchCommand = defineCommand({
  name: 'watch',
  group: 'Use a model',
  summary: 'keep a store the mirror of a folder while the folder changes, until it is stopped',
  details:
    'What index does, at once and again after every change. The system says when something has changed; a file that is being ' +
    'written is waited for, and one that has moved is known by its bytes. A picture that cannot be read is said once, and tried again ' +
    'when its file changes. Where the whole folder is gone, as a disk that is not mounted, the store stays as it is and the folder is ' +
    'waited for. Ctrl-C ends it, with code 130; given again it catches up with what has happened meanwhile. ' +
    'With --json each line is a document.',
  arguments: [{ name: 'images', description: 'a folder of images, or a CSV with labels' }],
  options: [
    storeOption,
    modelOption,
    distanceOption,
    {
      flags: '--metadata <file>',
      description: 'what else is known of the images: a CSV or JSON lines (.jsonl) with a row for each; see index',
    },
    { flags: '--moved', description: 'the images that the store mirrors are in another place now: this one' },
    {
      flags: '--settle <time>',
      description: 'how long a file has to stay as it is before it is embedded',
      default: '2s',
    },
    {
      flags: '--every <time>',
      description: 'how often to look at the whole folder, whatever the system says (default: 10m, with --poll 10s)',
    },
    { flags: '--poll', description: 'do not rely on the system: for network disks, where it does not know of changes' },
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike watch pictures/', 'lookalike watch /mnt/shop --store shop.lance --poll --every 1m --json'],
  stopsItself: true,
  json: 'lines',
  input: z.object({
    images: z.string(),
    store: storeInput,
    model: z.string().optional(),
    distance: distanceInput,
    metadata: z.string().optional(),
    moved: z.boolean().default(false),
    settle: duration(),
    every: duration().optional(),
    poll: z.boolean().default(false),
    ...engineInput,
    ...pictureLimitInput,
  }),
  async run({ images, store, model, distance, metadata, moved, settle, every, poll, ...limits }, terminal) {
    await requireImages(images);
    const { openCatalogue } = await import('../../../../catalogue/mirror/open-catalogue.ts');
    const opened = await openStoreModel(store, model, {
      ...givenEngine(limits),
      pictureLimits: givenPictureLimits(limits),
    });
    await using embedder = opened.embedder;
    await using catalogue = await openCatalogue(store, {
      model: embedder,
      ...(distance === undefined ? {} : { distance }),
    });
    opened.announce(terminal);
    const onProgress = (progress: Progress) => terminal.showProgress(progress);
    const onWait = (holder: LockHolder) => terminal.warn(waitingLine(store, holder));
    const times = { settle: 1000 * settle, every: every === undefined ? undefined : 1000 * every, poll };
    const { signal } = terminal;
    try {
      for await (const event of catalogue.watch(images, { ...times, metadata, moved, onProgress, onWait, signal })) {
        await tell(terminal, event, () => catalogue.count());
      }
    } catch (error) {
      if (error instanceof OtherPlaceError) throw new StoreError(error.inWords('give --moved'));
      if (!signal.aborted) throw error;
      throw new StoreError(`${errorLine(error)}; what is indexed is kept, and the same command catches up`);
    }
    return undefined;
  },
});

/** Says what a look at the folder found. */
async function tell(terminal: Terminal, event: WatchEvent, count: () => Promise<number>): Promise<void> {
  const at = new Date();
  if (event.kind === 'failed') {
    const reason = errorLine(event.error);
    terminal.warn(`${reason}; trying again in ${formatDuration(event.retryAfter / 1000)}`);
    terminal.document({ kind: 'failed', at: at.toISOString(), error: reason, retryAfter: event.retryAfter / 1000 });
    return;
  }
  const { metadata: sidecar, ...report } = event.report;
  const seconds = event.milliseconds / 1000;
  terminal.say(`${at.toLocaleTimeString('sv')} ${countsLine(report)} (${formatDuration(seconds)})`);
  for (const { reason } of report.unreadable) terminal.warn(reason);
  for (const line of goneLines(report.goneFolders)) terminal.warn(line);
  if (sidecar !== undefined) for (const line of sidecarLines(sidecar)) terminal.warn(line);
  terminal.document({
    ...{ kind: 'indexed', at: at.toISOString(), seconds, images: await count() },
    ...report,
    ...sidecarJson(sidecar),
    unreadable: report.unreadable.map((one) => ({ ...one })),
    passedOver: report.passedOver.map((one) => ({ ...one })),
  });
}
