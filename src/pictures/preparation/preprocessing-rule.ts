import { z } from 'zod';

/** Ways to bring a picture of another aspect to the input's size; see `fitPicture`. */
export const fits = ['stretch', 'contain', 'cover'] as const;

/** The name of one. */
export type Fit = (typeof fits)[number];

/**
 * How a picture becomes a network's input. It is written into the model file, for a model is good only for pictures
 * prepared as those that it learnt from.
 */
export const preprocessingRuleSchema = z.strictObject({
  /** Size of the input in pixels. */
  width: z.int().min(1).max(8192),
  height: z.int().min(1).max(8192),
  /** `resizeTriangle`, on decoded 8-bit sRGB. */
  resize: z.literal('triangle'),
  /** What becomes of the aspect; `stretch` where it is left out. See `fitPicture`. */
  fit: z.enum(fits).default('stretch'),
  /** What shows through transparent places, and beside a picture that is contained. */
  background: z.string().regex(/^#[0-9a-f]{6}$/, 'a colour is written #rrggbb, in lower case'),
  /** The camera's orientation mark is obeyed. */
  orientation: z.literal('exif'),
});

/** See `preprocessingRuleSchema`. */
export type PreprocessingRule = z.infer<typeof preprocessingRuleSchema>;

/** The rule for an input of a size, with white behind transparent places. */
export function preprocessingRule(width: number, height: number, fit: Fit = 'stretch'): PreprocessingRule {
  return { width, height, resize: 'triangle', fit, background: '#ffffff', orientation: 'exif' };
}
