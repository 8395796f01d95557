import type { ImageSource } from '../../../pictures/datasets/dataset.ts';

/** The bytes of a picture's file; of one whose pixels alone are left, those of a PNG. */
export async function sourceBytes(source: ImageSource): Promise<Uint8Array> {
  if (source.kind === 'file') {
    const { readImageFile } = await import('../../../pictures/decoding/read-image-file.ts');
    return readImageFile(source.path, source.orPipe);
  }
  const { rgbOfPixels } = await import('../../../pictures/decoding/given-pixels.ts');
  const { encodePng } = await import('../../../pictures/decoding/encode-png.ts');
  return encodePng(rgbOfPixels(source, '#ffffff'));
}
