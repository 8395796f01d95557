import type { Buffer } from 'node:buffer';
import type { ImageSource } from '../datasets/dataset.ts';
import { type DecodeOptions, decodeImage } from '../decoding/decode-image.ts';
import { fitPicture } from './fit-picture.ts';
import { type PreprocessingRule, scaledTarget } from './preprocessing-rule.ts';

/**
 * Decodes an image and prepares it by the rule: `height * width * 3` bytes of RGB, row by row, one row of the network's
 * input. `options` say what messages call an image given as bytes, and who decodes.
 *
 * @throws UnreadableImageError as `decodeImage` does.
 */
export async function preprocess(
  source: ImageSource | Buffer,
  rule: PreprocessingRule,
  options: Pick<DecodeOptions, 'name' | 'decoder'> = {},
): Promise<Uint8Array> {
  const image = await decodeImage(source, {
    background: rule.background,
    target: { width: rule.width, height: rule.height },
    scaledTo: scaledTarget(rule),
    ...options,
  });
  return fitPicture(image, rule).data;
}
