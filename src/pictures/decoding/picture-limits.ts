import { number, type OptionRules, optional } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';

/** What a picture may be and cost. */
export interface PictureLimits {
  /** Most pixels. Default: 200 million, 600 MB as RGB. */
  readonly pixels: number;
  /** Most pixels of its width and of its height. Default: 65,535. */
  readonly side: number;
  /** Most seconds of processor time that decoding it may take. Default: 5. */
  readonly seconds: number;
}

/** Limits of which some are given; the others are the defaults. */
export type PartialPictureLimits = { readonly [name in keyof PictureLimits]?: number | undefined };

/** The limits where nothing else is said. */
export const defaultPictureLimits: PictureLimits = { pixels: 200_000_000, side: 65_535, seconds: 5 };

const limitRules: OptionRules<PartialPictureLimits> = {
  pixels: optional(number()),
  side: optional(number()),
  seconds: optional(number()),
};

/** The largest file that is read as an image, in bytes: 1 GiB. */
export const maximumFileBytes = 2 ** 30;

/**
 * Given limits, with the defaults for those that are not.
 *
 * @throws UsageError if there is no limit of a name, if a limit of pixels or of a side is not a whole number of at least 1, or seconds are not more than 0 (up to 3600).
 */
export function pictureLimits(given: PartialPictureLimits = {}): PictureLimits {
  checkOptions(given, limitRules, 'pictureLimits');
  const { pixels, side, seconds } = defaultPictureLimits;
  const limits = { pixels: given.pixels ?? pixels, side: given.side ?? side, seconds: given.seconds ?? seconds };
  for (const name of ['pixels', 'side'] as const) {
    if (Number.isSafeInteger(limits[name]) && limits[name] >= 1) continue;
    throw new UsageError(
      `a limit of ${limits[name]} for a picture's ${name} makes no sense: use a whole number of at least 1`,
      { path: `pictureLimits.${name}`, expected: 'a whole number of at least 1', value: limits[name] },
    );
  }
  if (limits.seconds > 0 && limits.seconds <= 3600) return limits;
  throw new UsageError(
    `a limit of ${limits.seconds} seconds a picture makes no sense: use more than 0 and at most 3600`,
    { path: 'pictureLimits.seconds', expected: 'more than 0 and at most 3600', value: limits.seconds },
  );
}

/**
 * Bytes of memory that decoding one picture may take: 8 for each pixel that is allowed, at least 1 GiB. Of 200 million
 * pixels: 1.6 GB, the whole process of the decoder counted.
 */
export function memoryLimit({ pixels }: PictureLimits): number {
  return Math.max(2 ** 30, 8 * pixels);
}

/** Why a picture of this size is not decoded; undefined if it is within the limits. */
export function reasonOfSize(width: number, height: number, { pixels, side }: PictureLimits): string | undefined {
  const size = `it is ${grouped(width)} x ${grouped(height)} pixels`;
  if (width * height > pixels) {
    const most = pixels % 1e6 === 0 ? `${pixels / 1e6} million pixels` : `${grouped(pixels)} pixels`;
    return `${size}, more than ${most} in all; make it smaller first, or raise the limit of pixels`;
  }
  if (Math.max(width, height) <= side) return undefined;
  return `${size}, more than ${grouped(side)} a side; make it smaller first, or raise the limit of a side`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
