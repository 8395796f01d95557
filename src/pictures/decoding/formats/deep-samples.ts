import type { RgbImage } from '../rgb-image.ts';
import { profileTransform, srgbBytes } from './colour-profile.ts';
import type { ProfiledSamples } from './plain-tiff.ts';

/** Samples of 16 bits, interleaved, with the colour profile that says what they mean. */
export interface DeepSamples extends Omit<ProfiledSamples, 'data'> {
  readonly data: Uint16Array;
}

/**
 * Samples of 16 bits as 8-bit sRGB by their profile, in full precision, transparency composited on `background` (red, green,
 * blue, 0 to 255). Undefined if the profile does not consist of curves and a matrix, or is not of such samples; or if the picture
 * is one of 8 bits that was saved with 16, so that it has the very pixels of its twin.
 */
export function rgbOfDeep(samples: DeepSamples, background: readonly number[]): RgbImage | undefined {
  const { width, height, colours, alpha, data, profile } = samples;
  const transform = profile && profileTransform(profile);
  if (transform === undefined || transform.channels !== colours || isOfBytes(data)) return undefined;
  const bytes = srgbBytes();
  const { curves, matrix } = transform;
  const [red, green, blue] = colours === 1 ? [curves[0], curves[0], curves[0]] : curves;
  const [second, third] = colours === 1 ? [0, 0] : [1, 2];
  const stride = colours + (alpha ? 1 : 0);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += stride, to += 3) {
    const r = red[data[from]];
    const g = green[data[from + second]];
    const b = blue[data[from + third]];
    const opacity = alpha ? data[from + colours] / 65_535 : 1;
    for (let channel = 0; channel < 3; channel++) {
      const row = 3 * channel;
      const light = matrix[row] * r + matrix[row + 1] * g + matrix[row + 2] * b;
      const value = bytes[Math.round(65_535 * Math.min(1, Math.max(0, light)))];
      rgb[to + channel] = Math.round(value * opacity + background[channel] * (1 - opacity));
    }
  }
  return { width, height, data: rgb };
}

/** True if every sample of 16 bits is a byte, twice. */
function isOfBytes(data: Uint16Array): boolean {
  return data.every((sample) => sample % 257 === 0);
}

/** The high byte of each sample. */
export function highBytes({ data, ...samples }: DeepSamples): ProfiledSamples {
  return { ...samples, data: Uint8Array.from(data, (sample) => sample >> 8) };
}
