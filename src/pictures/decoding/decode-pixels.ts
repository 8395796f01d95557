import type { Buffer } from 'node:buffer';
import sharp, { type FailOnOptions, type Metadata, type ResizeOptions, type SharpOptions } from 'sharp';
import { InternalError } from '../../foundation/errors/internal-error.ts';
import { highBytes, rgbOfDeep } from './formats/deep-samples.ts';
import { coveredPart } from './formats/gif-size.ts';
import { asStillPicture, formatOf, type ReadableFormat } from './formats/picture-format.ts';
import { pictureHeader } from './formats/picture-header.ts';
import { type ProfiledSamples, plainTiff } from './formats/plain-tiff.ts';
import { withEarlyExif } from './formats/png-orientation.ts';
import { svgDensity, svgLimits } from './formats/svg-density.ts';
import { knownSvg } from './formats/svg-text.ts';
import { tiffDirectory } from './formats/tiff-directory.ts';
import { chosenSamples, mostSamples } from './formats/tiff-samples.ts';
import { reasonOfSize } from './picture-limits.ts';
import type { PicturePart } from './picture-part.ts';
import { PictureRefusal } from './picture-refusal.ts';
import type { PixelRequest } from './pixel-request.ts';
import type { RgbImage } from './rgb-image.ts';

/** What the decoder takes for an error, and where it tells what it does not. */
export interface Strictness {
  readonly failOn: FailOnOptions;
  onWarning?(text: string): void;
}

/**
 * Decodes a picture in this thread's process to 8-bit sRGB, upright and without transparency.
 *
 * @throws as sharp does, or if the picture is beyond the limits of its size.
 */
export async function decodePixels(bytes: Buffer, request: PixelRequest, strictness: Strictness): Promise<RgbImage> {
  const format = formatOf(bytes);
  const still = format?.readable === true ? asKnown(format.name, bytes) : bytes;
  const settings: SharpOptions = {
    failOn: strictness.failOn,
    limitInputPixels: request.limits.pixels,
    autoOrient: true,
    // What a drawing takes is limited by this process, not by the lengths of its texts.
    unlimited: format?.name === 'SVG',
  };
  if (format?.readable === true && mayBeSpecial(format.name, bytes)) {
    const metadata = await sharp(still, {
      ...settings,
      limitInputChannels: mostSamples,
      limitInputPixels: false,
    }).metadata();
    const limits = format.name === 'SVG' ? svgLimits(request.limits) : request.limits;
    const tooLarge = reasonOfSize(metadata.width, metadata.height, limits);
    if (tooLarge !== undefined) throw new PictureRefusal(tooLarge);
    if (format.name === 'SVG' && (await isBeyondCounting(still, metadata, settings)))
      throw new PictureRefusal(beyondCounting);
    if (format.name === 'SVG') settings.density = svgDensity(metadata, { ...request, limits });
    const special = await specialSamples(still, metadata, settings, request, strictness);
    if (special !== undefined) return special;
  }
  const image = await ordinary(still, settings, request, strictness, shrunkBy(bytes, request));
  const covered = format?.name === 'GIF' ? coveredPart(bytes) : undefined;
  return covered === undefined ? image : emptyAround(covered, image, rgbOfColour(request.background));
}

/** The picture with what stands behind it all around a part. */
function emptyAround(part: PicturePart, image: RgbImage, background: readonly number[]): RgbImage {
  const { width, height, data } = image;
  for (let at = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const isWithin = x >= part.x && x < part.x + part.width && y >= part.y && y < part.y + part.height;
      if (!isWithin) data.set(background, at);
    }
  }
  return image;
}

/** The file as the decoder gets it right. */
function asKnown(format: ReadableFormat, bytes: Buffer): Buffer {
  if (format === 'SVG') return knownSvg(bytes);
  if (format === 'AVIF') return asStillPicture(bytes);
  return format === 'PNG' ? withEarlyExif(bytes) : bytes;
}

const beyondCounting = 'a side of it is longer than 100 million pixels; give it a size that can be drawn';

/** True of an SVG with a side that the decoder cannot count, and takes for one pixel: however finely it is drawn, it stays one. */
async function isBeyondCounting(
  bytes: Buffer,
  { width, height }: Pick<Metadata, 'width' | 'height'>,
  settings: SharpOptions,
): Promise<boolean> {
  if (Math.min(width, height) > 1) return false;
  const finest = { ...settings, limitInputPixels: false, density: 100_000 };
  const fine = await sharp(bytes, finest)
    .metadata()
    .catch(() => undefined);
  return fine === undefined || Math.min(fine.width, fine.height) <= 1;
}

/** From so many times its size on a picture is scaled: below, the decoder does not begin to. */
const leastShrink = 3;

/** How a JPEG file is scaled while it is decoded; undefined of other formats and where it is not much larger. */
function shrunkBy(bytes: Buffer, { scaledTo }: PixelRequest): ResizeOptions | undefined {
  const header = scaledTo && pictureHeader(bytes);
  if (scaledTo === undefined || header?.format !== 'JPEG') return undefined;
  // It may lie on its side.
  const shrink = Math.min(header.width, header.height) / Math.max(scaledTo.width, scaledTo.height);
  return shrink < leastShrink ? undefined : { ...scaledTo, fit: 'outside', kernel: 'lanczos3' };
}

/** True unless the file is sure to have samples of 8 bits that the decoder takes for what they are. */
function mayBeSpecial(format: ReadableFormat, bytes: Buffer): boolean {
  return format === 'PNG' ? bytes[24] === 16 : !['JPEG', 'WebP', 'GIF'].includes(format);
}

async function ordinary(
  bytes: Buffer,
  settings: SharpOptions,
  { background }: Pick<PixelRequest, 'background'>,
  { onWarning }: Strictness,
  scaled?: ResizeOptions,
): Promise<RgbImage> {
  const whole = sharp(bytes, settings);
  const picture = (scaled === undefined ? whole : whole.resize(scaled))
    .flatten({ background })
    .toColourspace('srgb')
    .raw();
  if (onWarning !== undefined) picture.on('warning', onWarning);
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new InternalError(`it decodes to ${info.channels} channels, not to the 3 of RGB`);
  return { width: info.width, height: info.height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

/**
 * Pictures that the decoder alone gets wrong: a profile of 16-bit samples (it leaves them in Display P3, or passes the
 * profile over), and samples of TIFF beyond the colour.
 */
async function specialSamples(
  bytes: Buffer,
  metadata: Metadata,
  settings: SharpOptions,
  request: PixelRequest,
  strictness: Strictness,
): Promise<RgbImage | undefined> {
  const deep = metadata.depth === 'ushort' && (metadata.space === 'rgb16' || metadata.space === 'grey16');
  const directory = metadata.format === 'tiff' ? tiffDirectory(bytes) : undefined;
  const chosen = directory && chosenSamples(directory);
  if (chosen === undefined && !(deep && metadata.icc !== undefined)) return undefined;
  const { data, channels, ...size } = await storedSamples(bytes, metadata, settings, strictness);
  const kept = chosen ?? { colours: metadata.space === 'grey16' ? 1 : 3, alpha: metadata.hasAlpha };
  const samples = { ...size, ...kept, profile: metadata.icc };
  const own = withoutOthers(data, channels, kept);
  if (!(own instanceof Uint16Array))
    return ordinary(plainTiff({ ...samples, data: own }), settings, request, strictness);
  const rgb = rgbOfDeep({ ...samples, data: own }, rgbOfColour(request.background));
  return rgb ?? ordinary(plainTiff(highBytes({ ...samples, data: own })), settings, request, strictness);
}

interface StoredSamples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array;
}

/** The samples as they are in the file, the picture turned upright. */
async function storedSamples(
  bytes: Buffer,
  { space, depth }: Metadata,
  settings: SharpOptions,
  { onWarning }: Strictness,
): Promise<StoredSamples> {
  const picture = sharp(bytes, { ...settings, ignoreIcc: true, limitInputChannels: mostSamples })
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth: depth === 'ushort' ? 'ushort' : 'uchar' });
  if (onWarning !== undefined) picture.on('warning', onWarning);
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (depth !== 'ushort')
    return { width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  return { width, height, channels, data: new Uint16Array(data.buffer, data.byteOffset, data.length / 2) };
}

/** The samples of the picture out of the `channels` of each pixel. */
function withoutOthers(
  data: Uint8Array | Uint16Array,
  channels: number,
  { colours, alpha }: Pick<ProfiledSamples, 'colours' | 'alpha'>,
): Uint8Array | Uint16Array {
  const kept = colours + (alpha ? 1 : 0);
  if (channels < kept) throw new InternalError(`it decodes to ${channels} channels, not to ${kept}`);
  if (channels === kept) return data;
  const length = (data.length / channels) * kept;
  const chosen = data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  for (let from = 0, to = 0; to < length; from += channels, to += kept) {
    for (let sample = 0; sample < kept; sample++) chosen[to + sample] = data[from + sample];
  }
  return chosen;
}

/** Red, green and blue of `#rrggbb`. */
export function rgbOfColour(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
