import { Buffer } from 'node:buffer';
import { markedEncoding } from './svg-text.ts';

/** The formats that are decoded. */
export const readableFormats = ['JPEG', 'PNG', 'WebP', 'GIF', 'TIFF', 'AVIF', 'SVG'] as const;

/** One of them. */
export type ReadableFormat = (typeof readableFormats)[number];

/** What each is called where it is sent. */
export const mediaTypes: Readonly<Record<ReadableFormat, string>> = {
  JPEG: 'image/jpeg',
  PNG: 'image/png',
  WebP: 'image/webp',
  GIF: 'image/gif',
  TIFF: 'image/tiff',
  AVIF: 'image/avif',
  SVG: 'image/svg+xml',
};

/** What a file is by its first bytes, whatever it is named. */
export type FileFormat =
  | { readonly readable: true; readonly name: ReadableFormat }
  | {
      readonly readable: false;
      readonly name: string /** False for what is no picture at all. */;
      readonly picture: boolean;
    };

/** The format of a file; undefined if its first bytes are those of none that is known here. */
export function formatOf(bytes: Buffer): FileFormat | undefined {
  const start = bytes.subarray(0, 32).toString('latin1');
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return { readable: true, name: 'WebP' };
  const begins = ([, starts]: readonly [string, readonly string[]]) => starts.some((one) => start.startsWith(one));
  const readable = readableStarts.find(begins);
  if (readable !== undefined) return { readable: true, name: readable[0] };
  if (start.slice(4, 8) === 'ftyp') return mediaFormat(bytes);
  const other = otherPictures.find(begins);
  if (other !== undefined) return { readable: false, name: other[0], picture: true };
  const thing = otherThings.find(begins);
  return thing === undefined ? markupFormat(bytes) : { readable: false, name: thing[0], picture: false };
}

/**
 * The bytes as a still picture: an animated AVIF that carries its first frame as one says so in its list of brands, but the
 * decoder looks at the first brand alone.
 */
export function asStillPicture(bytes: Buffer): Buffer {
  if (bytes.subarray(4, 12).toString('latin1') !== 'ftypavis') return bytes;
  const still = Buffer.from(bytes);
  still.write('avif', 8, 'latin1');
  return still;
}

const readableStarts: readonly (readonly [ReadableFormat, readonly string[]])[] = [
  ['JPEG', ['\xff\xd8\xff']],
  ['PNG', ['\x89PNG\r\n\x1a\n']],
  ['GIF', ['GIF87a', 'GIF89a']],
  ['TIFF', ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']],
  // Compressed by gzip; nothing else that is packed so is a picture.
  ['SVG', ['\x1f\x8b']],
];

const otherPictures: readonly (readonly [string, readonly string[]])[] = [
  ['BMP', ['BM']],
  ['JPEG 2000', ['\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51']],
  ['JPEG XL', ['\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n']],
  ['JPEG XR', ['II\xbc']],
  ['Photoshop (PSD)', ['8BPS']],
  ['Windows icon (ICO)', ['\0\0\x01\0', '\0\0\x02\0']],
  ['PostScript', ['%!PS', '\xc5\xd0\xd3\xc6']],
  [
    'Netpbm (PBM, PGM, PPM, PAM)',
    ['1', '2', '3', '4', '5', '6', '7'].flatMap((kind) => [`P${kind}\n`, `P${kind} `, `P${kind}#`]),
  ],
  ['Portable FloatMap (PFM)', ['PF\n', 'Pf\n']],
  ['OpenEXR', ['v/1\x01']],
  ['Radiance HDR', ['#?RADIANCE', '#?RGBE']],
  ['FITS', ['SIMPLE  =']],
  ['DirectDraw surface (DDS)', ['DDS ']],
  ['QOI', ['qoif']],
  ['BPG', ['BPG\xfb']],
  ['FLIF', ['FLIF']],
  ['Gimp (XCF)', ['gimp xcf']],
  ['MNG', ['\x8aMNG']],
  ['JNG', ['\x8bJNG']],
  ["a camera's raw format", ['IIU\0', 'FUJIFILMCCD-RAW', 'IIRO', 'IIRS', 'MMOR']],
];

const otherThings: readonly (readonly [string, readonly string[]])[] = [
  ['a PDF', ['%PDF-']],
  ['sound or video (RIFF)', ['RIFF']],
  ['a ZIP archive', ['PK\x03\x04']],
  ['a pointer of Git LFS, which stands for a file that was not fetched', ['version https://git-l']],
];

/** Of a file of the ISO base media format, by its brands. */
function mediaFormat(bytes: Buffer): FileFormat {
  const length = Math.min(bytes.length, bytes.readUInt32BE(0), 256);
  const brands = bytes.subarray(8, length).toString('latin1');
  const major = brands.slice(0, 4);
  if (major === 'avif' || major === 'avis') return { readable: true, name: 'AVIF' };
  if (/^(hei[cxms]|hev[cxms])$/.test(major)) return { readable: false, name: 'HEIC', picture: true };
  if (/^(mif1|msf1|miaf)$/.test(major)) {
    return brands.includes('avif')
      ? { readable: true, name: 'AVIF' }
      : { readable: false, name: 'HEIC', picture: true };
  }
  if (major === 'crx ') return { readable: false, name: "a camera's raw format", picture: true };
  return { readable: false, name: 'video (MP4)', picture: false };
}

/** Blanks before the markup that are looked past, with it. */
const markupBytes = 2 ** 16;

/** Of a file that begins with markup, perhaps behind blanks: SVG, unless it is a web page. */
function markupFormat(bytes: Buffer): FileFormat | undefined {
  const encoding = markedEncoding(bytes) ?? 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, markupBytes)).trimStart();
  if (/^(<!doctype html|<html|<head|<body)/i.test(text))
    return { readable: false, name: 'a web page (HTML)', picture: false };
  return text.startsWith('<') ? { readable: true, name: 'SVG' } : undefined;
}
