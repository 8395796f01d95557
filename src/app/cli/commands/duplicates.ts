import { z } from 'zod';
import type { DuplicateImages } from '../../../catalogue/groups/find-duplicates.ts';
import type { VectorStore } from '../../../catalogue/stores/vector-store.ts';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { counted } from '../../../foundation/text/counted.ts';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import { defineCommand } from '../command.ts';
import { openStore } from '../input/open-store.ts';
import { openStoreModel } from '../input/open-store-model.ts';
import { modelOption } from '../input/resolve-model.ts';
import { filterInput, filterOptions, givenFilter } from '../options/filter-options.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions, mostPictures } from '../options/html-options.ts';
import { numberFrom } from '../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../options/store-option.ts';
import type { Terminal } from '../output/terminal.ts';

/** Pictures that copies are made of, where no distance is given. */
const sampledPictures = 100;

/** An image of a group of duplicates. */
interface DuplicateImage {
  readonly id: string;
  readonly byteLength: number;
  readonly path?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Its pixels, as a page shows them, where there is one. */
  readonly shown?: ImageSource | undefined;
}

/** A group with the image to keep. */
interface JudgedGroup extends Omit<DuplicateImages, 'images'> {
  readonly keep: string;
  readonly images: readonly DuplicateImage[];
}

/** `lookalike duplicates` */
export const duplicatesCommand = defineCommand({
  name: 'duplicates',
  group: 'Use a model',
  summary: 'find images of a store that are the same, or nearly, and say which to keep',
  details:
    'The same by their bytes, or near by their vectors. In a group every two images are near, so that no chain of small differences ' +
    'makes a group of what is different. How near is near is said by --max-distance, or else measured: copies are made of up to ' +
    `${sampledPictures} pictures of the store, half as wide and high and compressed hard, and nineteen of twenty are to be found. ` +
    'To keep is the image of the most pixels, of those the one of the most bytes. Nothing is deleted.',
  arguments: [],
  options: [
    storeOption,
    {
      flags: '--max-distance <d>',
      description: 'how far apart near duplicates are at most; 0 for the same bytes or vectors alone',
    },
    ...filterOptions,
    modelOption,
    ...htmlOptions,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike duplicates', 'lookalike duplicates --max-distance 0.2 --within shoes/ --html same.html --open'],
  input: z.object({
    store: storeInput,
    maxDistance: numberFrom(0).optional(),
    ...filterInput,
    model: z.string().optional(),
    ...htmlInput,
    ...pictureLimitInput,
  }),
  async run({ store: uri, maxDistance, within, where, model, html, open, ...limits }, terminal) {
    const filter = givenFilter({ within, where });
    await checkPage(html, open, 0);
    const pictureLimits = givenPictureLimits(limits);
    const store = await openStore(uri);
    const { OnnxruntimeEngine } = await import('../../../engines/onnxruntime/onnxruntime-engine.ts');
    const { findDuplicates } = await import('../../../catalogue/groups/find-duplicates.ts');
    const engine = await OnnxruntimeEngine.create();
    try {
      const measured =
        maxDistance === undefined ? await measuredDistance(store, model, pictureLimits, terminal) : undefined;
      const threshold = maxDistance ?? measured?.distance ?? 0;
      const onProgress = terminal.showProgress.bind(terminal);
      const { signal } = terminal;
      const found = await findDuplicates({ store, engine, maxDistance: threshold, filter, onProgress, signal });
      const groups = await judged(store, found, pictureLimits, html === undefined ? 0 : mostPictures);
      const origin = measured === undefined ? '' : `, as ${counted(measured.pictures, 'copy', 'copies')} had it`;
      terminal.note(`near: up to ${threshold.toFixed(4)} by ${store.stamp.distance} distance${origin}`);
      const extra = groups.reduce((sum, { images }) => sum + images.length - 1, 0);
      terminal.say(`${counted(groups.length, 'group')}, ${counted(extra, 'image')} more than needed`);
      for (const group of groups) {
        terminal.say(`${group.exact ? 'the same bytes' : `within ${group.diameter.toFixed(4)}`}:`);
        for (const image of group.images) {
          terminal.say(`  ${image.id === group.keep ? 'keep' : '    '}  ${sizeOf(image)}  ${image.id}`);
        }
      }
      if (html !== undefined) {
        const lead = `Images of the store ${uri} that are the same by their bytes or within ${threshold.toFixed(4)} by ${store.stamp.distance} distance. Nothing was deleted.`;
        await deliverPage(terminal, html, await pageOf(html, lead, groups, pictureLimits), open);
      }
      return {
        store: uri,
        distance: store.stamp.distance,
        maxDistance: threshold,
        ...(measured === undefined ? {} : { measuredOnCopies: measured.pictures }),
        groups: groups.map((group) => ({
          ...group,
          images: group.images.map(({ id, byteLength, path, width, height }) => ({
            ...{ id, byteLength, width: width ?? null, height: height ?? null },
            ...(path === undefined ? {} : { path }),
          })),
        })),
        ...(html === undefined ? {} : { html }),
      };
    } finally {
      await engine.close();
      await store.close();
    }
  },
});

function sizeOf({ width, height, byteLength }: DuplicateImage): string {
  return `${width === undefined ? 'not readable' : `${width} x ${height}`}, ${byteLength} bytes`;
}

/** How near copies of the store's own pictures are. */
async function measuredDistance(
  store: VectorStore,
  model: string | undefined,
  pictureLimits: PartialPictureLimits,
  terminal: Terminal,
) {
  const { copyDistance } = await import('../../../catalogue/groups/copy-distance.ts');
  const { pathOf, readSource } = await import('../../../catalogue/mirror/catalogue-source.ts');
  const source = await readSource(store);
  const files = (await store.images()).map((image) => pathOf(source, image)).filter((file) => file !== undefined);
  if (files.length === 0) {
    throw new StoreError(
      `no image of the store '${store.uri}' is a file that copies can be made of: give --max-distance`,
    );
  }
  const step = Math.max(1, files.length / sampledPictures);
  const sample = Array.from({ length: Math.min(sampledPictures, files.length) }, (_, n) => files[Math.floor(n * step)]);
  const { embedder, announce } = await openStoreModel(store.uri, model, { pictureLimits });
  try {
    announce(terminal);
    const onProgress = terminal.showProgress.bind(terminal);
    const { distance } = store.stamp;
    return await copyDistance({ embedder, distance, files: sample, onProgress, signal: terminal.signal });
  } finally {
    await embedder.close();
  }
}

/**
 * The groups with the sizes of their pictures, and which of them to keep; each picture is decoded once.
 *
 * @param shown pictures that a page has room for.
 */
async function judged(
  store: VectorStore,
  found: readonly DuplicateImages[],
  limits: PartialPictureLimits,
  shown: number,
): Promise<JudgedGroup[]> {
  const { keptImage } = await import('../../../catalogue/groups/kept-image.ts');
  const { pathOf, readSource } = await import('../../../catalogue/mirror/catalogue-source.ts');
  const { decodeImage } = await import('../../../pictures/decoding/decode-image.ts');
  const { PictureDecoder } = await import('../../../pictures/decoding/picture-decoder.ts');
  const { mapBounded } = await import('../../../foundation/concurrency/bounded-concurrency.ts');
  const source = await readSource(store);
  const decoder = new PictureDecoder(limits);
  const { shrunkSource } = await import('../output/page-tiles.ts');
  let before = 0;
  const numbered = found.map((group) => {
    before += group.images.length;
    return { ...group, isShown: before <= shown };
  });
  return mapBounded(numbered, 4, async ({ images, exact, diameter, isShown }) => {
    const sized: DuplicateImage[] = [];
    for (const image of images) {
      const path = pathOf(source, image);
      const picture =
        path === undefined ? undefined : await decodeImage({ kind: 'file', path }, { decoder }).catch(() => undefined);
      sized.push({
        ...{ id: image.id, byteLength: image.byteLength, path, width: picture?.width, height: picture?.height },
        ...(picture === undefined || !isShown ? {} : { shown: shrunkSource(picture) }),
      });
    }
    return { exact, diameter, keep: keptImage(sized).id, images: sized };
  });
}

/** The page of the groups, as many as it has room for. */
async function pageOf(
  page: string,
  lead: string,
  groups: readonly JudgedGroup[],
  limits: PartialPictureLimits,
): Promise<string> {
  const { PictureDecoder } = await import('../../../pictures/decoding/picture-decoder.ts');
  const { pageTiles } = await import('../output/page-tiles.ts');
  const { groupsPage } = await import('../../pages/groups-page.ts');
  const decoder = new PictureDecoder(limits);
  const shown = [];
  let pictures = 0;
  for (const { images, exact, diameter, keep } of groups) {
    pictures += images.length;
    if (pictures > mostPictures) break;
    const tiles = await pageTiles(
      images.map((image) => ({
        name: image.id,
        source: image.shown,
        file: image.path,
        caption: image.id === keep ? 'Keep' : 'Also there',
        note: sizeOf(image),
      })),
      { page, decoder },
    );
    shown.push({ title: exact ? 'The same bytes' : `Within ${diameter.toFixed(4)}`, pictures: tiles });
  }
  const left = groups.length - shown.length;
  const told = left === 0 ? lead : `${lead} ${counted(left, 'group')} more had no room on this page.`;
  return groupsPage({
    title: counted(groups.length, 'group of duplicates', 'groups of duplicates'),
    kind: 'Duplicates',
    lead: told,
    groups: shown,
  });
}
