import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { FileError } from '../../foundation/errors/file-error.ts';
import { advance, type LongWork } from '../../foundation/progress/progress.ts';
import { type EmojiConcept, fewestPictures } from './emoji-concepts.ts';
import { type EmojiPictures, hashOfPictures } from './emoji-pictures.ts';
import type { EmojiIcons, EmojiSet, EmojiSetName } from './emoji-sets.ts';

/** One picture to be drawn. */
interface Drawing {
  readonly concept: EmojiConcept;
  readonly set: EmojiSetName;
  readonly icon: string;
  /** Undefined once it has turned out to be blank or a copy. */
  pixels?: Uint8Array | undefined;
}

/**
 * Draws every concept as each of its sets has it, `size` x `size` pixels on white.
 *
 * Left out: pictures of one colour, pictures with the same pixels as one before (so that no query is answered by a copy of
 * itself), and then concepts with fewer than four pictures left.
 *
 * @param watched who hears of it, and may stop it.
 * @param sets the sets that the concepts were chosen from.
 * @throws if a picture cannot be drawn, naming the set and the icon.
 */
export async function drawEmoji(
  chosen: readonly EmojiConcept[],
  sets: readonly EmojiSet[],
  size: number,
  watched: LongWork = {},
): Promise<EmojiPictures> {
  const iconsOf = new Map(sets.map((set) => [set.name, set.icons]));
  const drawings = chosen.flatMap((concept) => concept.icons.map((icon): Drawing => ({ concept, ...icon })));
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < drawings.length) {
      const drawing = drawings[next++];
      drawing.pixels = await draw(drawing, iconsOf.get(drawing.set)!, size);
      advance(watched, { work: 'drawing emoji', unit: 'pictures', done: ++done, total: drawings.length });
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  dropBlanksAndCopies(drawings);

  const kept = drawings.filter((drawing) => drawing.pixels !== undefined);
  const counts = new Map<EmojiConcept, number>();
  for (const { concept } of kept) counts.set(concept, (counts.get(concept) ?? 0) + 1);
  const concepts = chosen.filter((concept) => (counts.get(concept) ?? 0) >= fewestPictures);
  const labels = new Map(concepts.map((concept, label) => [concept, label]));
  const pictures = kept.flatMap(({ concept, set, icon, pixels }) => {
    const label = labels.get(concept);
    return label === undefined ? [] : [{ label, set, icon, pixels: pixels! }];
  });
  return { size, concepts: concepts.map(({ name }) => name), pictures, hash: hashOfPictures(pictures) };
}

async function draw(drawing: Drawing, icons: EmojiIcons, size: number): Promise<Uint8Array> {
  const icon = icons.icons[drawing.icon];
  const left = icon.left ?? icons.left ?? 0;
  const top = icon.top ?? icons.top ?? 0;
  const width = icon.width ?? icons.width ?? 16;
  const height = icon.height ?? icons.height ?? 16;
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' +
    `width="${size}" height="${size}" viewBox="${left} ${top} ${width} ${height}">${icon.body}</svg>`;
  try {
    const image = sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).resize(size, size, { fit: 'fill' });
    return await image.removeAlpha().toColourspace('srgb').raw().toBuffer();
  } catch (error) {
    throw new FileError(
      `cannot draw '${drawing.icon}' of the emoji set '${drawing.set}': ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function dropBlanksAndCopies(drawings: readonly Drawing[]): void {
  const seen = new Set<string>();
  for (const drawing of drawings) {
    const pixels = drawing.pixels!;
    const hash = createHash('sha1').update(pixels).digest('hex');
    if (pixels.every((value) => value === pixels[0]) || seen.has(hash)) drawing.pixels = undefined;
    else seen.add(hash);
  }
}
