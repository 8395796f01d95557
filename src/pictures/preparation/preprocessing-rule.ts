import { z } from 'zod';

/** Ways to bring a picture of another aspect to the input's size; see `fitPicture`. */
export const fits = ['stretch', 'contain', 'cover'] as const;

/** The name of one. */
export type Fit = (typeof fits)[number];

/** Ways to decode a picture that is much larger than the input; see `scaledTarget`. */
export const decodings = ['exact', 'scaled'] as const;

/** The name of one. */
export type Decoding = (typeof decodings)[number];

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
  /** JPEG files much larger than the input are scaled by their decoder; left out, every picture is decoded whole. See `scaledTarget`. */
  decode: z.literal('scaled').exactOptional(),
});

/** See `preprocessingRuleSchema`. */
export type PreprocessingRule = z.infer<typeof preprocessingRuleSchema>;

/** The rule for an input of a size, with white behind transparent places. */
export function preprocessingRule(
  width: number,
  height: number,
  fit: Fit = 'stretch',
  decode: Decoding = 'exact',
): PreprocessingRule {
  return decodedBy({ width, height, resize: 'triangle', fit, background: '#ffffff', orientation: 'exif' }, decode);
}

/** The same rule with another way to decode. */
export function decodedBy({ decode: _, ...rule }: PreprocessingRule, decode: Decoding): PreprocessingRule {
  return decode === 'exact' ? rule : { ...rule, decode };
}

/** Times as large as the input as what the decoder gives is at least, on both sides: the rest is the one resize's. */
const leftToResize = 2;

/**
 * What the decoder may scale a JPEG file to by a rule: twice the input on both sides, with the picture's aspect, so that
 * `resizeTriangle` has the last word. Undefined where pictures are decoded whole.
 */
export function scaledTarget({
  width,
  height,
  decode,
}: PreprocessingRule): Pick<PreprocessingRule, 'width' | 'height'> | undefined {
  return decode === 'scaled' ? { width: leftToResize * width, height: leftToResize * height } : undefined;
}
