import type { TiffDirectory } from './tiff-directory.ts';

/** The ways to pack pixels that the decoder knows: none, CCITT's, LZW, JPEG, Deflate, PackBits, NeXT's, ThunderScan, WebP. */
const read: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 7, 8, 32766, 32771, 32773, 32809, 32946, 50001]);

/** What the others that have a name are called (TIFF 6.0, and the tags that are registered with libtiff and Adobe). */
const names: Readonly<Record<number, string>> = {
  6: 'JPEG as before 1995 ("old-style")',
  9: 'JBIG',
  10: 'JBIG',
  32908: 'PIXAR film',
  32909: 'PixarLog',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG of DNG',
  34925: 'LZMA',
  34933: 'PNG',
  34934: 'JPEG XR',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** Why the pixels of a TIFF file cannot be unpacked; undefined if they can be. */
export function reasonOfCompression({ compression }: TiffDirectory): string | undefined {
  if (read.has(compression)) return undefined;
  const name = Object.hasOwn(names, compression) ? names[compression] : `the compression ${compression}`;
  return `pixels that are packed by ${name} are not read (the file may be sound); save it uncompressed, or with LZW, Deflate or JPEG`;
}
