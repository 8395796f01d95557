import type { RgbImage } from '../decoding/rgb-image.ts';
import type { PreprocessingRule } from './preprocessing-rule.ts';
import { resizeTriangle } from './resize.ts';

/**
 * Brings a decoded picture to the size of a rule, [height, width, 3], by its `fit`:
 *
 * - `stretch`: both sides for themselves; nothing is cut off, and the aspect is not kept.
 * - `contain`: the whole picture, with its aspect, before the rule's background. It becomes
 *   `max(1, round(side * min(W / w, H / h)))` pixels a side and lies in the middle, what cannot be halved one pixel nearer to the
 *   left and the top.
 * - `cover`: its middle, with its aspect: `max` in place of `min`, and what is beyond the input is cut off, what cannot be
 *   halved on the left and at the top.
 *
 * Halves are rounded to even, as Python does.
 */
export function fitPicture(image: RgbImage, { width, height, fit, background }: PreprocessingRule): RgbImage {
  if (fit === 'stretch') return resizeTriangle(image, width, height);
  const scales = [width / image.width, height / image.height];
  const scale = fit === 'contain' ? Math.min(...scales) : Math.max(...scales);
  const scaledWidth = Math.max(1, roundedToEven(image.width * scale));
  const scaledHeight = Math.max(1, roundedToEven(image.height * scale));
  const left = Math.floor((width - scaledWidth) / 2);
  const top = Math.floor((height - scaledHeight) / 2);
  if (fit === 'cover')
    return resizeTriangle(image, scaledWidth, scaledHeight, { left: -left, top: -top, width, height });
  const canvas = filled(width, height, background);
  paste(canvas, resizeTriangle(image, scaledWidth, scaledHeight), left, top);
  return canvas;
}

function roundedToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** A picture of one colour, `#rrggbb`. */
function filled(width: number, height: number, colour: string): RgbImage {
  const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const data = new Uint8Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let at = channel; at < data.length; at += 3) data[at] = rgb[channel];
  }
  return { width, height, data };
}

function paste(canvas: RgbImage, picture: RgbImage, left: number, top: number): void {
  const stride = 3 * picture.width;
  for (let y = 0; y < picture.height; y++) {
    canvas.data.set(picture.data.subarray(y * stride, (y + 1) * stride), 3 * ((top + y) * canvas.width + left));
  }
}
