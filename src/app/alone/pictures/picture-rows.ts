import { UnreadableImageError } from '../../../pictures/decoding/unreadable-image-error.ts';
import { fitPicture } from '../../../pictures/preparation/fit-picture.ts';
import type { PreprocessingRule } from '../../../pictures/preparation/preprocessing-rule.ts';
import { BrowserPicture } from './browser-picture.ts';

/** What a picture is prepared from. */
export interface NamedPicture {
  readonly id: string;
  readonly file: Blob;
}

/** One picture, prepared by a rule: a row of a network's input. */
export interface PictureRow {
  readonly pixels: Uint8Array;
  /** A small picture to be shown, where one was asked for. */
  readonly thumbnail: Blob | undefined;
}

/**
 * Decodes a picture by the browser and prepares it by the rule, `height * width * 3` bytes, as `preprocess` does in Node.
 *
 * @throws UnreadableImageError if the browser cannot read it.
 */
export async function pictureRow(
  { id, file }: NamedPicture,
  rule: PreprocessingRule,
  { withThumbnail = false }: { readonly withThumbnail?: boolean } = {},
): Promise<PictureRow> {
  const picture = await BrowserPicture.of(file, id);
  try {
    const { data } = fitPicture(picture.pixels(rule.background), rule);
    return { pixels: data, thumbnail: withThumbnail ? await picture.thumbnail() : undefined };
  } finally {
    picture.free();
  }
}

/** What became of a picture. */
export type PreparedPicture = PictureRow | UnreadableImageError;

/**
 * Prepares pictures in groups of `size`, the next one while the caller works on the one before: browsers decode in threads of
 * their own.
 */
export async function* preparedGroups<Picture extends NamedPicture>(
  pictures: readonly Picture[],
  size: number,
  rule: PreprocessingRule,
  options: { readonly withThumbnail?: boolean } = {},
): AsyncGenerator<readonly { readonly picture: Picture; readonly prepared: PreparedPicture }[], void, undefined> {
  const prepare = (first: number) =>
    Promise.all(
      pictures.slice(first, first + size).map(async (picture) => ({
        picture,
        prepared: await pictureRow(picture, rule, options).catch(unreadable),
      })),
    );
  let next = prepare(0);
  for (let first = 0; first < pictures.length; first += size) {
    const group = await next;
    next = prepare(first + size);
    // An error shows when that group is asked for.
    next.catch(() => undefined);
    yield group;
  }
}

function unreadable(error: unknown): UnreadableImageError {
  if (error instanceof UnreadableImageError) return error;
  throw error;
}
