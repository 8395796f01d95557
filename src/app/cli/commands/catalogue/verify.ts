import { z } from 'zod';
import type { VerifyReport } from '../../../../catalogue/mirror/verify-store.ts';
import { StoreError } from '../../../../foundation/errors/store-error.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import { defineCommand } from '../../command.ts';
import { openStore } from '../../input/open-store.ts';
import { openStoreModel } from '../../input/open-store-model.ts';
import { modelOption } from '../../input/resolve-model.ts';
import { wholeNumber } from '../../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';

/** Names that are told of each kind; JSON has them all. */
const named = 5;

/** `lookalike verify` */
export const verifyCommand = defineCommand({
  name: 'verify',
  group: 'Use a model',
  summary: 'compare a store with the folder that it mirrors, and mend it',
  details:
    'The folder is the truth, the store its mirror. Every file is read and its SHA-256 compared, and every image is looked for by ' +
    'its own vector. What differs is said, and --repair mends it: missing and outdated images are embedded, vanished ones removed, ' +
    'doubled rows struck out, rows that no search finds written again. Ends with code 1 if something differs that was not mended.',
  arguments: [],
  options: [
    storeOption,
    { flags: '--repair', description: 'mend what differs' },
    { flags: '--sample <n>', description: 'look for so many images by their vectors, spread over all; default: all' },
    modelOption,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike verify --store shop.lance', 'lookalike verify --repair'],
  input: z.object({
    store: storeInput,
    repair: z.boolean().default(false),
    sample: wholeNumber({ min: 1 }).optional(),
    model: z.string().optional(),
    ...pictureLimitInput,
  }),
  async run({ store: uri, repair, sample, model, ...limits }, terminal) {
    const { isWhole, verifyStore } = await import('../../../../catalogue/mirror/verify-store.ts');
    const { readSource } = await import('../../../../catalogue/mirror/catalogue-source.ts');
    const { loadDataset } = await import('../../../../pictures/datasets/load-dataset.ts');
    const store = await openStore(uri);
    try {
      const source = await readSource(store);
      if (source === undefined) {
        throw new StoreError(`the store '${uri}' mirrors no folder that it could be compared with: index one into it`);
      }
      const verify = async () => {
        const dataset = await loadDataset(source.location);
        const onProgress = terminal.showProgress.bind(terminal);
        return verifyStore({ store, dataset, sample, onProgress, signal: terminal.signal });
      };
      const found = await verify();
      for (const line of linesOf(found)) terminal.say(line);
      let repaired: VerifyReport | undefined;
      if (repair && !isWhole(found)) {
        await repairStore(uri, source.location, found, model, givenPictureLimits(limits));
        repaired = await verify();
        terminal.say(isWhole(repaired) ? 'mended' : 'after mending:');
        if (!isWhole(repaired)) for (const line of linesOf(repaired)) terminal.say(line);
      }
      const last = repaired ?? found;
      if (!isWhole(last)) {
        const next = repair ? 'index the folder again' : 'give --repair to mend it';
        throw new StoreError(`the store '${uri}' is not what the folder '${source.location}' is: ${next}`);
      }
      return {
        store: uri,
        folder: source.location,
        ...last,
        ...(repaired === undefined ? {} : { before: { ...found } }),
      };
    } finally {
      await store.close();
    }
  },
});

async function repairStore(
  uri: string,
  location: string,
  { notFound }: VerifyReport,
  model: string | undefined,
  pictureLimits: ReturnType<typeof givenPictureLimits>,
): Promise<void> {
  const { openCatalogue } = await import('../../../../catalogue/mirror/open-catalogue.ts');
  const { rewriteImages } = await import('../../../../catalogue/mirror/verify-store.ts');
  const { embedder } = await openStoreModel(uri, model, { pictureLimits });
  const catalogue = await openCatalogue(uri, { model: embedder });
  const store = await openStore(uri);
  try {
    await catalogue.index(location, { recheck: true });
    const left = await store.images({ only: notFound });
    await rewriteImages(
      store,
      left.map(({ id }) => id),
    );
  } finally {
    await store.close();
    await catalogue.close();
    await embedder.close();
  }
}

function linesOf({ images, looked, doubled, ...kinds }: VerifyReport): string[] {
  const words = {
    missing: 'missing from the store',
    vanished: 'in the store alone',
    outdated: 'outdated',
    described: 'with other data',
    unreadable: 'not readable at present',
    notFound: 'not found by their own vectors',
  } as const;
  const lines = Object.entries(words).flatMap(([kind, what]) => {
    const ids = kinds[kind as keyof typeof words];
    if (ids.length === 0) return [];
    const more = ids.length > named ? `, and ${ids.length - named} more (--json lists all)` : '';
    return [`${counted(ids.length, 'image')} ${what}: ${ids.slice(0, named).join(', ')}${more}`];
  });
  if (doubled > 0) lines.push(`${counted(doubled, 'row')} more than images`);
  return [`${counted(images, 'image')}, ${looked} looked for by their own vectors`, ...lines];
}
