import { z } from 'zod';
import type { DuplicateImages } from '../../../../catalogue/groups/find-duplicates.ts';
import type { StoredPictures } from '../../../../catalogue/groups/stored-pictures.ts';
import type { VectorStore } from '../../../../catalogue/stores/vector-store.ts';
import { counted } from '../../../../foundation/text/counted.ts';
import type { ImageSource } from '../../../../pictures/datasets/dataset.ts';
import type { PartialPictureLimits } from '../../../../pictures/decoding/picture-limits.ts';
import { defineCommand } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import { openStore } from '../../input/open-store.ts';
import { readStoreModel } from '../../input/open-store-model.ts';
import { modelOption } from '../../input/resolve-model.ts';
import { filterInput, filterOptions, givenFilter } from '../../options/filter-options.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions, mostPictures } from '../../options/html-options.ts';
import { numberFrom, shareOf } from '../../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../../options/picture-limit-options.ts';
import { storeInput, storeOption } from '../../options/store-option.ts';
import { announceModel } from '../../output/announce-model.ts';
import type { Terminal } from '../../output/terminal.ts';

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
    'The same by their bytes, or copies of one picture: in another size or quality, cropped by a tenth, in other colours, mirrored. ' +
    'Whether two are copies is judged by their vectors and by looking at both pictures; --max-distance or --min-alike asks instead for ' +
    'whatever is so near by the model alone. In a group every two images are near, so that no chain of small differences ' +
    'makes a group of what is different. To keep is the image of the most pixels, of those the one of the most bytes. Nothing is deleted.',
  arguments: [],
  options: [
    storeOption,
    {
      flags: '--max-distance <d>',
      description: 'what is at most so far apart by the model; 0 for the same bytes or vectors alone',
    },
    {
      flags: '--min-alike <share>',
      description: 'what is so near that by the calibration of the model at least this share of pairs was alike: 0.9',
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
    minAlike: shareOf().optional(),
    ...filterInput,
    model: z.string().optional(),
    ...htmlInput,
    ...pictureLimitInput,
  }),
  async run({ store: uri, maxDistance: given, minAlike, within, where, model, html, open, ...limits }, terminal) {
    if (given !== undefined && minAlike !== undefined)
      throw new CommandLineError('--max-distance and --min-alike say the same in two ways: give one of them');
    const filter = givenFilter({ within, where });
    await checkPage(html, open, 0);
    const pictureLimits = givenPictureLimits(limits);
    const store = await openStore(uri);
    const { OnnxruntimeEngine } = await import('../../../../engines/onnxruntime/onnxruntime-engine.ts');
    const { findDuplicates } = await import('../../../../catalogue/groups/find-duplicates.ts');
    const engine = await OnnxruntimeEngine.create();
    try {
      const maxDistance = minAlike === undefined ? given : await distanceOf(minAlike, store, model, terminal);
      const { storedPictures } = await import('../../../../catalogue/groups/stored-pictures.ts');
      await using pictures = await storedPictures(store, pictureLimits);
      const onProgress = terminal.showProgress.bind(terminal);
      const { signal } = terminal;
      const { sketchOf } = pictures;
      const found = await findDuplicates({ store, engine, maxDistance, sketchOf, filter, onProgress, signal });
      const groups = await judged(pictures, found, html === undefined ? 0 : mostPictures);
      const near =
        maxDistance === undefined
          ? 'copies of one picture'
          : `up to ${maxDistance.toFixed(4)} by ${store.stamp.distance} distance`;
      terminal.note(`near: ${near}${minAlike === undefined ? '' : `, where ${minAlike} of pairs were alike`}`);
      if (pictures.unseen > 0)
        terminal.warn(
          `${counted(pictures.unseen, 'picture')} could not be looked at: give --max-distance to judge by the model alone`,
        );
      const extra = groups.reduce((sum, { images }) => sum + images.length - 1, 0);
      terminal.say(`${counted(groups.length, 'group')}, ${counted(extra, 'image')} more than needed`);
      for (const group of groups) {
        terminal.say(`${group.exact ? 'the same bytes' : `within ${group.diameter.toFixed(4)}`}:`);
        for (const image of group.images) {
          terminal.say(`  ${image.id === group.keep ? 'keep' : '    '}  ${sizeOf(image)}  ${image.id}`);
        }
      }
      if (html !== undefined) {
        const lead = `Images of the store ${uri} that are the same by their bytes or ${near}. Nothing was deleted.`;
        await deliverPage(terminal, html, await pageOf(html, lead, groups, pictureLimits), open);
      }
      return {
        store: uri,
        distance: store.stamp.distance,
        judgedBy: maxDistance === undefined ? 'pictures' : 'distance',
        ...(maxDistance === undefined ? { unseen: pictures.unseen } : { maxDistance }),
        ...(minAlike === undefined ? {} : { minAlike }),
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

/** The distance at which a share of pairs was alike, by the store's model, which only says so: nothing is embedded. */
async function distanceOf(
  share: number,
  store: VectorStore,
  given: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const { distanceAtShare } = await import('../../../../catalogue/groups/distance-at-share.ts');
  const { model, chosen } = await readStoreModel(store, given);
  announceModel(terminal, model, chosen);
  return distanceAtShare(model.metadata, store.stamp.distance, share);
}

/**
 * The groups with the sizes of their pictures, and which of them to keep.
 *
 * @param shown pictures that a page has room for.
 */
async function judged(
  pictures: StoredPictures,
  found: readonly DuplicateImages[],
  shown: number,
): Promise<JudgedGroup[]> {
  const { keptImage } = await import('../../../../catalogue/groups/kept-image.ts');
  const { mapBounded } = await import('../../../../foundation/concurrency/bounded-concurrency.ts');
  const { shrunkSource } = await import('../../output/catalogue/page-tiles.ts');
  let before = 0;
  const numbered = found.map((group) => {
    before += group.images.length;
    return { ...group, isShown: before <= shown };
  });
  return mapBounded(numbered, 4, async ({ images, exact, diameter, isShown }) => {
    const sized: DuplicateImage[] = [];
    for (const image of images) {
      const picture = isShown ? await pictures.decoded(image) : undefined;
      const { width, height } = picture ?? (await pictures.sidesOf(image)) ?? {};
      const seen = picture ?? (isShown ? await pictures.small(image) : undefined);
      sized.push({
        ...{ id: image.id, byteLength: image.byteLength, path: pictures.pathOf(image), width, height },
        ...(seen === undefined ? {} : { shown: shrunkSource(seen) }),
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
  const { PictureDecoder } = await import('../../../../pictures/decoding/picture-decoder.ts');
  const { pageTiles } = await import('../../output/catalogue/page-tiles.ts');
  const { groupsPage } = await import('../../../pages/groups-page.ts');
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
