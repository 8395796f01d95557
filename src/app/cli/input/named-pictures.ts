import type { Buffer } from 'node:buffer';
import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { isatty } from 'node:tty';
import type { ImageSource } from '../../../pictures/datasets/dataset.ts';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import { CommandLineError } from '../command-line-error.ts';
import { readAll } from './read-all.ts';

/** A picture that somebody named on the command line. */
export interface NamedPicture {
  /** As it was typed. */
  readonly name: string;
  /** The file, or, of standard input and pipes, which can be read once, its pixels. */
  readonly source: ImageSource;
}

/** What stands for standard input among the names of pictures. */
const standardInput = '-';
const standardInputDescriptor = 0;
/** Bytes of a picture from standard input, at most: 512 MiB. */
const mostBytes = 2 ** 29;
/** Pixels a side that a drawing (SVG) gets at least; pictures that come as bytes are decoded before the model is known. */
const drawnSide = 512;

/**
 * The pictures behind names, `-` being standard input: files are looked up and not decoded yet, so that a wrong name is told
 * before a model is loaded.
 *
 * @throws UnreadableImageError of the first that cannot be read; CommandLineError if one is a store, or standard input is asked for
 * twice or is a terminal.
 */
export async function namedPictures(
  names: readonly string[],
  limits: PartialPictureLimits = {},
): Promise<NamedPicture[]> {
  if (names.filter((name) => name === standardInput).length > 1) {
    throw new CommandLineError("standard input ('-') holds one picture: give it once");
  }
  const pictures: NamedPicture[] = [];
  for (const name of names) pictures.push({ name, source: await sourceOf(name, limits) });
  return pictures;
}

async function sourceOf(name: string, limits: PartialPictureLimits): Promise<ImageSource> {
  if (name === standardInput) return decoded(await pictureOnStandardInput(), 'standard input', limits);
  const { readImageFile } = await import('../../../pictures/decoding/read-image-file.ts');
  const found = await stat(name).catch(() => undefined);
  if (found?.isFile() !== true && (await isStore(name))) {
    throw new CommandLineError(`'${name}' is a store, not a picture: give it as --store ${name}`);
  }
  const readable = await access(name, constants.R_OK).then(
    () => found !== undefined && !found.isDirectory(),
    () => false,
  );
  // Of a name that cannot be read, reading tells why; a pipe can be read once, so that it is done here.
  if (found?.isFile() !== true || !readable) return decoded(await readImageFile(name, true), name, limits);
  return { kind: 'file', path: name };
}

async function decoded(bytes: Buffer, name: string, limits: PartialPictureLimits): Promise<ImageSource> {
  const { PictureDecoder } = await import('../../../pictures/decoding/picture-decoder.ts');
  const { decodeImage } = await import('../../../pictures/decoding/decode-image.ts');
  const target = { width: drawnSide, height: drawnSide };
  return {
    kind: 'pixels',
    channels: 3,
    ...(await decodeImage(bytes, { name, target, decoder: new PictureDecoder(limits) })),
  };
}

async function pictureOnStandardInput(): Promise<Buffer> {
  if (isatty(standardInputDescriptor)) {
    throw new CommandLineError(
      "'-' is a picture on standard input, which is a terminal: pipe one into it, or name a file",
    );
  }
  // A command's thread has no `process.stdin` of its own, but the descriptor.
  const stream = createReadStream('', { fd: standardInputDescriptor, autoClose: false });
  return readAll(stream, mostBytes, 'standard input');
}

/** True of a folder with the table that a store is, and of one that is named as stores are. */
async function isStore(folder: string): Promise<boolean> {
  if (/\.lance[\\/]?$/.test(folder)) return true;
  return stat(path.join(folder, 'images.lance')).then(
    () => true,
    () => false,
  );
}
