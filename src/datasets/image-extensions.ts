/**
 * File name extensions, in lower case, that make a file an image for the folder layouts. `bmp`, `heic` and `heif` are
 * looked for although they cannot be decoded, so that such a file is reported as unreadable rather than passed over.
 */
export const imageExtensions: readonly string[] = [
  'avif',
  'bmp',
  'gif',
  'heic',
  'heif',
  'jpeg',
  'jpg',
  'png',
  'svg',
  'tif',
  'tiff',
  'webp',
];

/** True for a file name with an image's extension, in any case; false for hidden files (a leading dot). */
export function hasImageExtension(fileName: string): boolean {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 && !fileName.startsWith('.') && imageExtensions.includes(fileName.slice(dot + 1).toLowerCase());
}
