import path from 'node:path';
import { z } from 'zod';
import type { AddReport } from '../../../../catalogue/mirror/indexing/add-images.ts';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import type { LockHolder } from '../../../../foundation/files/lock-holder.ts';
import type { Progress } from '../../../../foundation/progress/progress.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { defineCommand } from '../../command.ts';
import { warnOfPassedOver } from '../../input/load-images.ts';
import { openStoreModel } from '../../input/open-store-model.ts';
import { requireImages } from '../../input/require-images.ts';
import { modelOption } from '../../input/resolve-model.ts';
import { engineInput, engineOptions, givenEngine } from '../../options/engine-options.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { sidecarJson, sidecarLines } from '../../output/catalogue/sidecar-lines.ts';
import { errorLine } from '../../output/error-line.ts';
import { sayUnreadable } from '../../output/unreadable-images.ts';
import { waitingLine } from '../../output/waiting-line.ts';

/** `lookalike add` */
export const addCommand = defineCommand({
  name: 'add',
  group: 'Use a model',
  summary: 'add single images, or another folder of them, to a store',
  details:
    'Beside the folder that the store mirrors: index leaves these images alone, and nothing is removed. ' +
    'New and changed ones are embedded, others left as they are, so that the same command can be given again. ' +
    'In the store a file is called by its name, and what is in a folder by the name of the folder and its place in it; ' +
    '--prefix puts something else before.',
  arguments: [
    { name: 'images', variadic: true, description: 'image files, or folders of images, or a CSV with labels' },
  ],
  options: [
    storeOption,
    modelOption,
    { flags: '--prefix <text>', description: 'what stands before the names in the store: shop-2/' },
    { flags: '--metadata <file>', description: 'what else is known of the images: a CSV or JSON lines; see index' },
    { flags: '--recheck', description: 'read every file again, also those whose time and length are as they were' },
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike add new/17.jpg new/18.jpg', 'lookalike add /photos/shop-2 --prefix shop-2/ --store shop.lance'],
  stopsItself: true,
  input: z.object({
    images: z.array(z.string()).min(1),
    store: storeInput,
    model: z.string().optional(),
    prefix: z.string().optional(),
    metadata: z.string().optional(),
    recheck: z.boolean().default(false),
    ...engineInput,
    ...pictureLimitInput,
  }),
  async run(
    { images: places, store, model: given, prefix, metadata, recheck, engine, precision, decode, ...limits },
    terminal,
  ) {
    for (const place of places) await requireImages(place);
    const pictureLimits = givenPictureLimits(limits);
    const chosen = givenEngine({ engine, precision, decode });
    const { embedder, model, announce } = await openStoreModel(store, given, { ...chosen, pictureLimits });
    const { openCatalogue } = await import('../../../../catalogue/mirror/open-catalogue.ts');
    const catalogue = await openCatalogue(store, { model: embedder });
    try {
      const onProgress = (progress: Progress) => {
        announce(terminal);
        terminal.showProgress(progress);
      };
      const onWait = (holder: LockHolder) => terminal.warn(waitingLine(store, holder));
      const reports: AddReport[] = [];
      for (const place of places) {
        const options = { metadata, recheck, onProgress, onWait, signal: terminal.signal };
        const report = await catalogue.add(place, { ...options, prefix: prefix ?? (await ownPrefix(place)) });
        warnOfPassedOver(terminal, { root: place, passedOver: report.passedOver });
        if (report.metadata !== undefined) for (const line of sidecarLines(report.metadata)) terminal.warn(line);
        reports.push(report);
      }
      announce(terminal);
      const count = await catalogue.count();
      const total = (name: 'added' | 'updated' | 'unchanged') => reports.reduce((sum, report) => sum + report[name], 0);
      const counts = { added: total('added'), updated: total('updated'), unchanged: total('unchanged') };
      terminal.say(`store: ${store} (${counted(count, 'image')})`);
      terminal.say(`${counts.added} added, ${counts.updated} updated, ${counts.unchanged} unchanged`);
      const unreadable = reports.flatMap((report) => report.unreadable.map((one) => ({ ...one })));
      sayUnreadable(terminal, unreadable);
      const [only] = reports;
      const sidecar = reports.length === 1 ? sidecarJson(only.metadata) : {};
      return { model, store, images: count, ...counts, unreadable, ...sidecar };
    } catch (error) {
      if (!terminal.signal.aborted) throw error;
      throw new StoreError(`${errorLine(error)}; what is added is kept, and the same command goes on from there`);
    } finally {
      await catalogue.close();
      await embedder.close();
    }
  },
});

/** What stands before the names of images in a folder: the folder's own; nothing before a file's. */
async function ownPrefix(place: string): Promise<string> {
  const { stat } = await import('node:fs/promises');
  const found = await stat(place).catch(() => undefined);
  return found?.isDirectory() === true ? `${path.basename(path.resolve(place))}/` : '';
}
