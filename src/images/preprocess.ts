import type { Buffer } from 'node:buffer';
import type { ImageSource } from '../datasets/dataset.ts';
import { decodeImage } from './decode-image.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';
import { resizeTriangle } from './resize.ts';

/**
 * Decodes an image and prepares it by the rule: `height * width * 3` bytes of RGB, row by row, one row of the network's
 * input. `name` is what messages call an image given as bytes.
 *
 * @throws UnreadableImageError as `decodeImage` does.
 */
export async function preprocess(
  source: ImageSource | Buffer,
  rule: PreprocessingRule,
  name?: string,
): Promise<Uint8Array> {
  const image = await decodeImage(source, {
    background: rule.background,
    target: { width: rule.width, height: rule.height },
    ...(name === undefined ? {} : { name }),
  });
  return resizeTriangle(image, rule.width, rule.height).data;
}
