import { z } from 'zod';
import { metadataJson } from '../../../../catalogue/metadata/metadata.ts';
import type { LockHolder } from '../../../../foundation/files/lock-holder.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { defineCommand } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import { openStore } from '../../input/open-store.ts';
import { filterInput, filterOptions, givenFilter } from '../../options/filter-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { waitingLine } from '../../output/waiting-line.ts';

/** How many are named in the text; JSON has them all. */
const named = 10;

/** `lookalike remove` */
export const removeCommand = defineCommand({
  name: 'remove',
  group: 'Use a model',
  summary: 'remove images from a store, by their names or by a filter',
  details:
    'Files are left alone. An image whose file is in the folder that the store mirrors is there again after the next index. ' +
    'Names and filters together are images of these names that the filter lets through.',
  arguments: [{ name: 'id', variadic: true, optional: true, description: 'names of images, as search prints them' }],
  options: [
    storeOption,
    ...filterOptions,
    { flags: '--dry-run', description: 'say what would go, and remove nothing' },
  ],
  examples: ['lookalike remove 17.jpg 18.jpg', `lookalike remove --where "sold = true" --dry-run`],
  input: z.object({
    id: z.array(z.string()),
    store: storeInput,
    ...filterInput,
    dryRun: z.boolean().default(false),
  }),
  async run({ id: ids, store: uri, within, where, dryRun }, terminal) {
    const filter = givenFilter({ within, where });
    if (ids.length === 0 && within === undefined && where === undefined) {
      throw new CommandLineError("argument 'id' is missing: name images, or give --within or --where");
    }
    const store = await openStore(uri);
    try {
      const onWait = (holder: LockHolder) => terminal.warn(waitingLine(uri, holder));
      const narrowed = ids.length === 0 ? filter : { ...filter, only: ids };
      const chosen = dryRun
        ? await store.images(narrowed)
        : await store.write(
            async (writer) => {
              const there = await store.images(narrowed);
              await writer.remove(there.map(({ id }) => id));
              return there;
            },
            { onWait, signal: terminal.signal },
          );
      const there = new Set(chosen.map(({ id }) => id));
      const unknown = filter.where === undefined ? ids.filter((id) => !there.has(id)) : [];
      for (const id of unknown.slice(0, named)) terminal.warn(`there is no image '${id}' in the store '${uri}'`);
      for (const { id } of chosen.slice(0, named)) terminal.say(id);
      if (chosen.length > named) terminal.say(`and ${chosen.length - named} more (--json lists all)`);
      terminal.say(
        dryRun ? `nothing was done; ${chosen.length} would be removed` : `${counted(chosen.length, 'image')} removed`,
      );
      const removed = chosen.map(({ id, metadata }) => ({
        id,
        ...(metadata === undefined ? {} : { metadata: metadataJson(metadata) }),
      }));
      return { store: uri, dryRun, removed, unknown, images: await store.count() };
    } finally {
      await store.close();
    }
  },
});
