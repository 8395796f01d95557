import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { mapBounded } from '../../foundation/concurrency/bounded-concurrency.ts';
import { FileError } from '../../foundation/errors/file-error.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { type EmojiPictures, hashOfPictures } from './emoji-pictures.ts';
import { emojiSetNames } from './emoji-sets.ts';

const manifestSchema = z.object({
  size: z.int().min(1),
  hash: z.string(),
  /** What the pictures were drawn from and with: `emojiOrigin`. */
  origin: z.string(),
  concepts: z.array(z.string()),
  pictures: z.array(z.object({ label: z.int().min(0), set: z.enum(emojiSetNames), icon: z.string() })),
});

const manifestName = 'pictures.json';

/** What a folder of emoji holds: one folder a concept with one PNG a designer, `pictures.json` and `NOTICE`. */
export interface EmojiFolder {
  readonly pictures: EmojiPictures;
  /** What they were drawn from and with: other packages or another renderer make another origin. */
  readonly origin: string;
}

/**
 * Writes the pictures as a folder of class folders, `<concept>/<set>.png`. The folder appears under its name only when it
 * is complete; one that this function made before is replaced.
 *
 * @throws if the folder holds anything else or cannot be written, naming it; what was there before is kept.
 */
export async function writeEmojiFolder(
  folder: string,
  { pictures, origin }: EmojiFolder,
  notice: string,
): Promise<void> {
  const parent = path.dirname(path.resolve(folder));
  let unfinished: string | undefined;
  try {
    await refuseForeignFolder(folder);
    await makeFolders(parent);
    unfinished = await mkdtemp(path.join(parent, '.emoji-'));
    const made = path.join(unfinished, 'made');
    await fill(made, pictures);
    const { size, hash, concepts } = pictures;
    const items = pictures.pictures.map(({ label, set, icon }) => ({ label, set, icon }));
    await writeFile(path.join(made, manifestName), JSON.stringify({ size, hash, origin, concepts, pictures: items }));
    await writeFile(path.join(made, 'NOTICE'), notice);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } catch (error) {
    throw new FileError(
      `cannot write the pictures to '${folder}': ${(error as Error).message}; choose another folder`,
      {
        cause: error,
      },
    );
  } finally {
    if (unfinished !== undefined) await rm(unfinished, { recursive: true, force: true });
  }
}

/** Nothing that somebody else put there is ever deleted. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0 && !names.includes(manifestName)) throw new FileError('it holds other files already');
}

async function fill(folder: string, { size, concepts, pictures }: EmojiPictures): Promise<void> {
  for (const concept of concepts) await makeFolders(path.join(folder, concept));
  await mapBounded(pictures, 4, async ({ label, set, pixels }) => {
    const image = sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
    await image.png().toFile(path.join(folder, concepts[label], `${set}.png`));
  });
}

/**
 * Reads such a folder back; undefined if it is not there, is of another origin or size, or any pixel in it is not what
 * was written.
 */
export async function readEmojiFolder(
  folder: string,
  size: number,
  origin: string,
): Promise<EmojiPictures | undefined> {
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(folder, manifestName), 'utf8')));
    if (manifest.size !== size || manifest.origin !== origin) return undefined;
    const { concepts, hash } = manifest;
    const pictures = await Promise.all(
      manifest.pictures.map(async (item) => {
        const file = path.join(folder, concepts[item.label], `${item.set}.png`);
        return {
          ...item,
          pixels: await sharp(await readFile(file))
            .raw()
            .toBuffer(),
        };
      }),
    );
    return hashOfPictures(pictures) === hash ? { size, concepts, pictures, hash } : undefined;
  } catch {
    return undefined;
  }
}
