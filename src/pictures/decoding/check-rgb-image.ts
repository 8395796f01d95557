import { valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import type { RgbImage } from './rgb-image.ts';

const rgbImage = valueLike<RgbImage>(
  'a decoded picture { width, height, data } of RGB',
  (value) => typeof value === 'object' && value !== null && 'data' in value && 'width' in value && 'height' in value,
  'await decodeImage(await imageOf(path)) gives one',
);

/** Checks an argument that has to be a decoded picture. @throws UsageError if it is none. */
export function checkRgbImage(given: unknown, path: string): void {
  checkArgument(given, rgbImage, path);
}
