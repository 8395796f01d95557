import { defaultPictureLimits, type PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import type { OptionDefinition } from '../command.ts';
import { numberFrom, wholeNumber } from './option-values.ts';

const { pixels, side, seconds } = defaultPictureLimits;

/** The options of every command that reads pictures of strangers: a picture beyond them is unreadable. */
export const pictureLimitOptions: readonly OptionDefinition[] = [
  { flags: '--max-pixels <n>', description: `most pixels of a picture (default: ${pixels})` },
  { flags: '--max-side <n>', description: `most pixels of its width and of its height (default: ${side})` },
  {
    flags: '--picture-time <seconds>',
    description: `most processor time that decoding one picture may take (default: ${seconds})`,
  },
];

/** What may be given for them. */
export const pictureLimitInput = {
  maxPixels: wholeNumber({ min: 1 }).optional(),
  maxSide: wholeNumber({ min: 1 }).optional(),
  pictureTime: numberFrom(0)
    .refine((value) => value > 0 && value <= 3600, 'must be a number of seconds above 0, at most 3600')
    .optional(),
};

/** What was given, as the library takes it. */
export function givenPictureLimits(input: {
  readonly maxPixels?: number | undefined;
  readonly maxSide?: number | undefined;
  readonly pictureTime?: number | undefined;
}): PartialPictureLimits {
  return { pixels: input.maxPixels, side: input.maxSide, seconds: input.pictureTime };
}
