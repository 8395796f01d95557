import sharp from 'sharp';
import type { LongWork } from '../../foundation/progress/progress.ts';
import { chooseEmojiConcepts } from './emoji-concepts.ts';
import { drawEmoji } from './emoji-drawing.ts';
import { readEmojiFolder, writeEmojiFolder } from './emoji-folder.ts';
import { emojiNotice } from './emoji-notice.ts';
import type { EmojiPictures } from './emoji-pictures.ts';
import { type EmojiPackage, findEmojiPackages, readEmojiSets } from './emoji-sets.ts';

/** How the pictures are drawn, and who hears of it; nobody does if the folder is used again. */
export interface EmojiOptions extends LongWork {
  /** Both sides of a picture, in pixels. Default: 64. */
  readonly size?: number;
}

/**
 * "Emoji across designers": the same 1,585 things, drawn by up to seven designers, as a folder of class folders of PNGs
 * with their licences, and in memory. A folder that an earlier call has filled completely, from the same packages with the
 * same renderer, is read instead of drawn.
 *
 * @throws if the emoji packages are not installed, with the line that installs them, or if the folder cannot be written.
 */
export async function emojiPictures(folder: string, options: EmojiOptions = {}): Promise<EmojiPictures> {
  const size = options.size ?? 64;
  const packages = await findEmojiPackages();
  const origin = emojiOrigin(packages);
  const there = await readEmojiFolder(folder, size, origin);
  if (there !== undefined) return there;
  const sets = await readEmojiSets(packages);
  const pictures = await drawEmoji(chooseEmojiConcepts(sets), sets, size, options);
  await writeEmojiFolder(folder, { pictures, origin }, emojiNotice(packages));
  return pictures;
}

/** What pictures depend on: the packages' versions and the renderer's. */
function emojiOrigin(packages: readonly EmojiPackage[]): string {
  const names = packages.map(({ name, version }) => `@iconify-json/${name} ${version}`);
  return [...names, `sharp ${sharp.versions.sharp}`, `librsvg ${sharp.versions.rsvg}`].join(', ');
}
